import { marked } from 'marked';
import sanitizeHtml from 'sanitize-html';

/** Markdown as a mail shows it. What was written as HTML is shown as the text that it is. */
export function htmlOf(markdown: string): string {
  const escaped = markdown.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const html = marked.parse(escaped, { async: false, gfm: true, breaks: true });
  const body = sanitizeHtml(html, { allowedAttributes: { a: ['href'] }, allowedSchemes: ['http', 'https', 'mailto', 'tel'] });
  return `<!doctype html><html><body style="font-family:sans-serif;font-size:15px;line-height:1.5">${body}</body></html>`;
}
