import { FailureError, toFailure } from '../shared/failures';
import type { Reply, Request } from '../shared/messages';
import { isMethod, type EngineMethod, type Params, type Result } from '../shared/protocol';
import { headerLimit, messageLimit } from '../shared/upload-limits';
import { decode, encode } from '../shared/wire';
import { reasonOf, say } from '../words';
import type { WebSocket } from 'ws';

/** The part of the engine host that a connection uses. */
export interface Calls {
  call<M extends EngineMethod>(method: M, params: Params<M>, window: number): Promise<Result<M>>;
  release(window: number): void;
}

/**
 * How many calls of one window are answered at the same time, long jobs aside; the size of an answer is not known in
 * advance. A large message counts as several, in proportion to the largest allowed.
 */
const AT_ONCE = 8;
/** How many long jobs one window may run at the same time, and which calls they are. */
const JOBS = 16;
const LONG = new Set<EngineMethod>(['survey', 'evaluate', 'verify', 'verifyRun']);
/** Calls whose answers may be whole files: one at a time. */
const LARGE = new Set<EngineMethod>(['modelFile', 'runFile', 'npy', 'evaluatedImage']);
/** Bytes that a window may leave unread before sending to it and taking calls from it pauses. */
const UNREAD = 32 * 2 ** 20;
/** Bytes of events that may wait until it reads again; beyond that it is disconnected. */
const EVENTS = 32 * 2 ** 20;
/** Milliseconds until the socket is looked at again, while a window does not read. */
const LOOK = 50;

/**
 * One window's connection. A limited number of its calls is answered at a time, and only while it reads its answers, so
 * that the memory waiting for it is bounded. When it closes, the engine releases what it holds for the window.
 */
export class Connection {
  /** Messages that arrived and are not processed yet: the rest of one read, because the socket is paused. */
  private readonly waiting: Uint8Array[] = [];
  /** What waits until the window reads again, in order. */
  private readonly unsent: { message: Uint8Array; isEvent: boolean }[] = [];
  private unsentEvents = 0;
  private underWay = 0;
  private jobs = 0;
  private looking: NodeJS.Timeout | undefined;
  /** An upload that a page was sending when it was closed or reloaded will never be completed. */
  private readonly uploads: string[] = [];

  /** @param window the number by which the engine knows it. */
  constructor(
    private readonly socket: WebSocket,
    private readonly engine: Calls,
    private readonly window: number,
  ) {
    socket.on('error', () => socket.close()); // the message was over the limit
    socket.on('close', () => this.left());
    socket.on('message', (data: Buffer) => {
      if (!this.isOpen) return; // what came after a message for which it is being closed
      this.waiting.push(data);
      this.takeCalls();
    });
  }

  /**
   * Sends an event. A window that leaves too many unread is disconnected; when it reads again, it reconnects and opens
   * what was open.
   */
  tell(message: Uint8Array): void {
    this.send(message, true);
    if (this.unsentEvents > EVENTS) this.socket.terminate();
  }

  private get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  private get reads(): boolean {
    return this.unsent.length === 0 && this.socket.bufferedAmount <= UNREAD;
  }

  private send(message: Uint8Array, isEvent: boolean): void {
    if (!this.isOpen) return;
    if (this.reads) return this.socket.send(message);
    this.unsent.push({ message, isEvent });
    if (isEvent) this.unsentEvents += message.length;
    this.lookAgain();
  }

  private takeCalls(): void {
    while (this.waiting.length > 0 && this.underWay < AT_ONCE && this.reads) {
      const data = this.waiting.shift()!;
      const request = readRequest(data);
      if (!request) {
        this.waiting.length = 0;
        this.socket.resume(); // to read that the other side closes too
        return this.socket.close(1007, 'not a message of this protocol');
      }
      void this.answer(request, data.length);
    }
    if (this.waiting.length === 0) return this.socket.resume();
    this.socket.pause();
    if (!this.reads) this.lookAgain();
  }

  private lookAgain(): void {
    this.looking ??= setTimeout(() => {
      this.looking = undefined;
      while (this.unsent.length > 0 && this.socket.bufferedAmount <= UNREAD) {
        const { message, isEvent } = this.unsent.shift()!;
        if (isEvent) this.unsentEvents -= message.length;
        this.socket.send(message);
      }
      if (this.unsent.length > 0) this.lookAgain();
      this.takeCalls();
    }, LOOK);
  }

  private async answer({ id, method, params }: Request, bytes: number): Promise<void> {
    const isJob = LONG.has(method);
    const weight = LARGE.has(method) ? AT_ONCE : Math.ceil((AT_ONCE * bytes) / messageLimit);
    if (isJob) this.jobs++;
    else this.underWay += weight;
    const reply = await this.call(method, params as Params<EngineMethod>)
      .then((result): Reply => {
        if (method === 'beginUpload') this.watch(result as Result<'beginUpload'>);
        return { id, ok: true, result };
      })
      .catch((error: unknown): Reply => ({ id, ok: false, failure: toFailure(error) }));
    if (isJob) this.jobs--;
    else this.underWay -= weight;
    if (!this.isOpen) return;
    this.send(encoded(reply, method), false);
    this.takeCalls();
  }

  private async call<M extends EngineMethod>(method: M, params: Params<M>): Promise<Result<M>> {
    if (LONG.has(method) && this.jobs > JOBS)
      throw new FailureError('internal', { reason: say('call.many-jobs', { most: JOBS }) });
    return this.engine.call(method, params, this.window);
  }

  private watch({ upload }: Result<'beginUpload'>): void {
    if (this.isOpen) this.uploads.push(upload);
    else this.giveUp(upload);
  }

  private giveUp(upload: string): void {
    void this.engine.call('cancelUpload', { upload }, this.window).catch(() => undefined);
  }

  private left(): void {
    clearTimeout(this.looking);
    this.waiting.length = 0;
    this.unsent.length = 0;
    for (const upload of this.uploads) this.giveUp(upload);
    this.engine.release(this.window);
  }
}

/** The request in a message; null if it is not one. */
function readRequest(data: Uint8Array): Request | null {
  try {
    const { id, method, params } = decode(data, { header: headerLimit }) as Partial<Request>;
    const isRequest = typeof id === 'number' && isMethod(method) && typeof params === 'object' && params !== null;
    return isRequest ? { id, method, params } : null;
  } catch {
    return null;
  }
}

/** If an answer cannot be sent, the caller gets a failure instead of waiting forever. */
function encoded(reply: Reply, method: EngineMethod): Uint8Array {
  try {
    return encode(reply);
  } catch (error) {
    const reason = say('call.answer-cannot-cross', { method, reason: reasonOf(error) });
    return encode({ id: reply.id, ok: false, failure: new FailureError('internal', { reason }).toJSON() });
  }
}
