import type { Lines } from './lines.js';

export interface Shown {
  business: string;
  code: string;
  callback: string | null;
  isDrill: boolean;
  /** Said at the top; a button below it only where it can still be taken. */
  status: string;
  canBeTaken: boolean;
}

const STYLE = `body{margin:0;font:1.125rem/1.5 system-ui,sans-serif;background:#f6f7f9;color:#14181f}main{max-width:26rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.5rem;margin:0 0 .25rem}p{margin:.5rem 0}.drill{display:inline-block;background:#14181f;color:#fff;padding:.125rem .5rem;border-radius:.25rem}
.card{background:#fff;border:1px solid #cdd3dc;border-radius:.75rem;padding:1.25rem;margin:1.25rem 0}.number{font-size:1.375rem;font-weight:600}a{color:#0b4fc4}
button{width:100%;min-height:3.5rem;border:0;border-radius:.75rem;background:#b3121d;color:#fff;font:600 1.25rem system-ui,sans-serif;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid #0b4fc4;outline-offset:3px}
@media (prefers-color-scheme:dark){body{background:#11151b;color:#e9edf3}.card{background:#1a2029;border-color:#3a4452}.drill{background:#e9edf3;color:#11151b}a{color:#8ab4ff}button:focus-visible,a:focus-visible{outline-color:#8ab4ff}}`;

/** A page without a script, which works on any phone. Nothing of a person is on it but the number to call back. */
export function page(lines: Lines, shown: Shown | null): string {
  const body = shown ? content(lines, shown) : `<h1>${escaped(lines.gone)}</h1>`;
  const title = shown ? `${lines.title} ${shown.code}` : lines.title;
  return `<!doctype html><html lang="${lines.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

function content(lines: Lines, { business, code, callback, isDrill, status, canBeTaken }: Shown): string {
  const number = callback ? `<p>${escaped(lines.callBack)}<br><a class="number" href="tel:${escaped(callback)}">${escaped(callback)}</a></p>` : '';
  return `${isDrill ? `<p class="drill">${escaped(lines.drill)}</p>` : ''}<h1>${escaped(lines.title)}</h1><p>${escaped(business)}</p>
<div class="card">${number}<p>${escaped(lines.code(code))}</p><p role="status"><strong>${escaped(status)}</strong></p></div>
${canBeTaken ? `<form method="post"><button type="submit">${escaped(lines.take)}</button></form>` : ''}`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
