import { say, sentence, type Language, type Message } from '../words';
import type { VerifyReport } from './inspect';

/** The largest `maxRel` at which a layer counts as equal; see `verify`. */
const TOLERANCE = 1e-4;

/** What a verification found, to be kept beside the file. */
export interface Certificate extends Omit<VerifyReport, 'findings'> {
  /** Version of this format. */
  certificate: 1;
  /** ISO 8601, UTC. */
  created: string;
  /** In English; the page says it in its own language. */
  verdict: string[];
}

/** @param created ISO 8601. */
function certificateOf(report: VerifyReport, created: string): Certificate {
  const rest: Omit<VerifyReport, 'findings'> & { findings?: unknown } = { ...report };
  delete rest.findings;
  const verdict = verdictOf(report).map((message) => sentence(message));
  return { certificate: 1, created, verdict, ...rest };
}

/** The certificate as text of a JSON file. */
export function certificateJson(report: VerifyReport, created: string): string {
  return `${JSON.stringify(certificateOf(report, created), null, 2)}\n`;
}

/** The verdict in sentences, the whole first. */
export function verdictOf({
  ok,
  images,
  top1Agreement,
  layers,
  preprocessing,
  findings,
  onnxruntime,
}: VerifyReport): Message[] {
  const apart = layers.filter(({ maxRel }) => !(maxRel <= TOLERANCE));
  const worst = layers.reduce((most, layer) => (layer.maxRel > most.maxRel ? layer : most), layers[0]);
  return [
    ok ? say('certificate.passes', { version: onnxruntime }) : say('certificate.fails'),
    apart.length === 0
      ? say('certificate.layers-agree', {
          images,
          tolerance: TOLERANCE,
          worst: short(worst.maxRel),
          layer: worst.name,
        })
      : say('certificate.layers-differ', { images, tolerance: TOLERANCE, count: apart.length, layer: apart[0].name }),
    say('certificate.top1', { percent: percent(top1Agreement) }),
    ...findings,
    ...(preprocessing === null ? [say('certificate.no-pictures')] : []),
  ];
}

const short = (value: number): string => (value === 0 ? '0' : value.toExponential(1));
/** Never rounded up to 100 %. */
const percent = (share: number): string => `${Math.floor(share * 10_000) / 100} %`;

/** The certificate as one HTML page that needs no other file and prints on paper. */
export function certificatePage(report: VerifyReport, created: string, language: Language): string {
  const { file, layers, ok, convscope, onnxruntime } = report;
  const text = (message: Message): string => escaped(sentence(message, language));
  const title = text(say('certificate.title', { file: file.name }));
  const [whole, ...rest] = verdictOf(report);
  const facts: [Message, string][] = [
    [say('certificate.file'), escaped(file.name)],
    [say('certificate.size'), text(say('certificate.bytes', { bytes: file.bytes }))],
    [say('certificate.input'), escaped(file.inputShape.join(' × '))],
    [say('certificate.classes'), String(file.classes)],
    [say('certificate.opset'), String(file.opset)],
    [say('certificate.made'), escaped(created)],
    [say('certificate.by'), text(say('certificate.programs', { convscope, onnxruntime }))],
  ];
  const rows = layers.map(
    ({ name, maxAbs, maxRel }) =>
      `<tr${maxRel <= TOLERANCE ? '' : ' class="apart"'}><td>${escaped(name)}</td><td>${short(maxAbs)}</td><td>${short(maxRel)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="verdict ${ok ? 'passed' : 'failed'}">${text(whole)}</p>
<ul>
${rest.map((message) => `<li>${text(message)}</li>`).join('\n')}
</ul>
<h2>${text(say('certificate.compared'))}</h2>
<dl>
${facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${value}</dd>`).join('\n')}
<dt>SHA-256</dt><dd class="digest">${escaped(file.sha256)}</dd>
</dl>
<p class="how">${text(say('certificate.how'))}</p>
<h2>${text(say('certificate.per-layer'))}</h2>
<table>
<thead><tr><th scope="col">${text(say('certificate.layer'))}</th><th scope="col">${text(say('certificate.absolute'))}</th><th scope="col">${text(say('certificate.relative'))}</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 0; padding: 32px 24px; }
main { max-width: 720px; margin: 0 auto; }
h1 { font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 28px 0 8px; break-after: avoid; }
.verdict { font-size: 17px; font-weight: 600; padding: 10px 14px; border-left: 4px solid; }
.passed { border-color: #1a7f4b; }
.failed { border-color: #c0362c; }
ul { padding-left: 20px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 0; }
dt { opacity: 0.7; }
dd { margin: 0; overflow-wrap: anywhere; }
.digest { font-family: ui-monospace, monospace; font-size: 13px; }
.how { opacity: 0.8; font-size: 13px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { text-align: right; padding: 3px 0 3px 12px; border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
th:first-child, td:first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; }
th { font-weight: 600; }
.apart td { font-weight: 600; color: #c0362c; }
@media print {
  :root { color-scheme: light; }
  @page { margin: 18mm 16mm; }
  body { padding: 0; font-size: 11pt; }
  main { max-width: none; }
}
`;

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}
