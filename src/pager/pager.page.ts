import { createHash } from 'node:crypto';
import type { Lines } from './lines.js';

export interface Shown {
  business: string;
  code: string;
  callback: string | null;
  isDrill: boolean;
  /** Said at the top; a button below it only where it can still be taken. */
  status: string;
  canBeTaken: boolean;
  /** Where a button leads by which they are connected with the person; null: there is none. */
  connect: string | null;
  /** Where the details are, and what the way there is called; null for somebody who cannot open them. */
  details: { href: string; text: string } | null;
}

const STYLE = `body{margin:0;font:1.125rem/1.5 system-ui,sans-serif;background:#f6f7f9;color:#14181f}main{max-width:26rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.5rem;margin:0 0 .25rem}p{margin:.5rem 0}.drill{display:inline-block;background:#14181f;color:#fff;padding:.125rem .5rem;border-radius:.25rem}
.card{background:#fff;border:1px solid #cdd3dc;border-radius:.75rem;padding:1.25rem;margin:1.25rem 0}.number{font-size:1.375rem;font-weight:600}a{color:#0b4fc4}
button{width:100%;min-height:3.5rem;border:0;border-radius:.75rem;background:#b3121d;color:#fff;font:600 1.25rem system-ui,sans-serif;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid #0b4fc4;outline-offset:3px}
h2{font-size:1.125rem;margin:1.5rem 0 0}h2+.card{margin-top:.5rem}dt{font-size:.9375rem}dd{margin:0 0 .75rem;font-weight:600;overflow-wrap:anywhere}small{font-weight:400}
ol.card{list-style:none;padding:.25rem 1.25rem}li{padding:.625rem 0;overflow-wrap:anywhere}li+li{border-top:1px solid #cdd3dc}.trouble{font-weight:600}
button.plain{background:#0b4fc4}label{display:block;font-weight:600}input{box-sizing:border-box;width:100%;min-height:3.5rem;margin:.5rem 0 1rem;padding:0 1rem;border:1px solid #5c6675;border-radius:.75rem;background:#fff;color:#14181f;font:1.375rem system-ui,sans-serif}
input:focus-visible{outline:3px solid #0b4fc4;outline-offset:2px}
@media (prefers-color-scheme:dark){body{background:#11151b;color:#e9edf3}.card{background:#1a2029;border-color:#3a4452}li+li{border-color:#3a4452}input{background:#11151b;color:#e9edf3;border-color:#8a95a5}.drill{background:#e9edf3;color:#11151b}a{color:#8ab4ff}button:focus-visible,a:focus-visible,input:focus-visible{outline-color:#8ab4ff}}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but the page itself, its style and its form: no script, no frame around it, no trace of the link anywhere else. */
export const PAGE_HEADERS: Record<string, string> = {
  'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
};

/** A page without a script, which works on any phone. @param body HTML */
export const framed = (language: string, title: string, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;

/** Nothing of a person is on it but the number to call back. @param instead what it says where there is nothing to show: that the link is not valid, where nothing is given */
export function page(lines: Lines, shown: Shown | null, instead = lines.gone): string {
  return framed(lines.language, shown ? `${lines.title} ${shown.code}` : lines.title, shown ? content(lines, shown) : `<h1>${escaped(instead)}</h1>`);
}

function content(lines: Lines, { business, code, callback, isDrill, status, canBeTaken, connect, details }: Shown): string {
  const number = callback ? `<p>${escaped(lines.callBack)}<br><a class="number" href="tel:${escaped(callback)}">${escaped(callback)}</a></p>` : '';
  return `${isDrill ? `<p class="drill">${escaped(lines.drill)}</p>` : ''}<h1>${escaped(lines.title)}</h1><p>${escaped(business)}</p>
<div class="card">${number}<p>${escaped(lines.code(code))}</p><p role="status"><strong>${escaped(status)}</strong></p></div>
${canBeTaken ? `<form method="post"><button type="submit">${escaped(lines.take)}</button></form>` : ''}${connect ? `<form method="post" action="${escaped(connect)}"><button type="submit">${escaped(lines.callMe)}</button></form>` : ''}${details ? `<p><a href="${escaped(details.href)}">${escaped(details.text)}</a></p>` : ''}`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
