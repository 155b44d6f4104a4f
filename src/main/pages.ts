import type { WebContents } from 'electron';
import type { EngineHost } from '../engine/worker/host';
import type { Method, ModelSource, Params, Result, StartInfo } from '../shared/protocol';
import type { Message } from '../words';

type Reopened = NonNullable<StartInfo['reopened']>;

/** One page, from its loading to its end. */
interface Page {
  /** Its number in the engine: models and inspections belong to it. */
  window: number;
  /** The network that was opened last; it may not be shown yet. */
  opened: { model: number; source: ModelSource } | null;
  /** What it shows. */
  shown: Omit<Reopened, 'reason'> | null;
  /** Whether it has asked what to open, and listens. */
  started: boolean;
  /** Why the previous page ended, if this one replaces it. */
  reason: Message | null;
}

/**
 * The pages of all windows: what each one holds in the engine and what is open in it, so that it can be restored if a
 * page crashes.
 */
export class Pages {
  private readonly pages = new Map<WebContents, Page>();
  private nextWindow = 1;
  /** What the system asked to open before there was a page. */
  private link: string | null = null;

  constructor(private readonly engine: EngineHost) {}

  /** Forwards a call and records what the window then shows. */
  async call<M extends Method>(contents: WebContents, method: M, params: Params<M>): Promise<Result<M>> {
    const page = this.pageOf(contents);
    // Arrays are moved to the engine, not copied.
    const kept = method === 'openModel' || method === 'inspect' ? structuredClone(params) : null;
    const result = await this.engine.call(method, params, page.window);
    if (method === 'openModel') {
      page.opened = { ...(kept as Params<'openModel'>), model: (result as Result<'openModel'>).model };
    } else if (method === 'inspect') {
      const { model, image } = kept as Params<'inspect'>;
      const source = page.opened?.model === model ? page.opened.source : page.shown?.model;
      if (source) page.shown = { model: source, image, options: (result as Result<'inspect'>).options };
    } else if (method === 'start') {
      page.started = true;
      const info = result as Result<'start'>;
      const { link } = this;
      this.link = null;
      const reopened = page.shown && page.reason ? { ...page.shown, reason: page.reason } : null;
      return { ...info, open: { ...info.open, link: link ?? info.open.link }, reopened } as Result<M>;
    }
    return result;
  }

  /**
   * A page is gone: what the engine holds for it goes, too.
   * @param reason why another one shall open what was open; null where it begins anew.
   */
  end(contents: WebContents, reason: Message | null): void {
    const page = this.pages.get(contents);
    if (!page) return;
    this.engine.release(page.window);
    this.pages.delete(contents);
    if (reason) this.pages.set(contents, { ...this.fresh(), shown: page.shown, reason });
  }

  /** Hands a link to a page, the one that is there or the next. */
  open(link: string): void {
    const [contents] = [...this.pages].find(([, { started }]) => started) ?? [];
    if (contents && !contents.isDestroyed()) contents.send('event', 'link', { text: link });
    else this.link = link;
  }

  private pageOf(contents: WebContents): Page {
    const page = this.pages.get(contents) ?? this.fresh();
    this.pages.set(contents, page);
    return page;
  }

  private fresh(): Page {
    return { window: this.nextWindow++, opened: null, shown: null, started: false, reason: null };
  }
}
