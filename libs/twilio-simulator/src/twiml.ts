import { SaxesParser } from 'saxes';
import type { Answered } from './post.js';

/** An element of a TwiML document. `text` is its own text, trimmed, without that of its children. */
export interface Verb {
  name: string;
  attributes: Record<string, string>;
  children: Verb[];
  text: string;
}

/** What is wrong with a document or with fetching it, by Twilio's number. */
export class TwimlProblem extends Error {
  constructor(readonly code: number, message: string) {
    super(`${code} ${message}`);
  }
}

/** @throws TwimlProblem 11750 too large, 12300 of the wrong kind, 12100 not well-formed or no Response */
export function readDocument(answered: Pick<Answered, 'body' | 'contentType' | 'isCut'>): Verb[] {
  const { body, contentType, isCut } = answered;
  if (isCut) throw new TwimlProblem(11750, 'TwiML response body too large');
  if (/^text\/plain/i.test(contentType)) return [spoken(body)];
  if (contentType !== '' && !/xml|html/i.test(contentType)) throw new TwimlProblem(12300, `Invalid Content-Type: ${contentType}`);
  return parseTwiml(body);
}

/** @throws TwimlProblem 12100 */
export function parseTwiml(xml: string): Verb[] {
  const root = element('');
  const open = [root];
  const parser = new SaxesParser({ fragment: false });
  const text = (more: string): void => void (open.at(-1)!.text += more);
  parser.on('opentag', ({ name, attributes }) => {
    const verb = element(name, attributes as Record<string, string>);
    open.at(-1)!.children.push(verb);
    open.push(verb);
  });
  parser.on('closetag', () => {
    const verb = open.pop()!;
    verb.text = verb.text.trim();
  });
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('error', (error) => {
    throw new TwimlProblem(12100, `Document parse failure: ${error.message}`);
  });
  parser.write(xml.trim()).close();
  const response = root.children[0];
  if (response?.name !== 'Response') throw new TwimlProblem(12100, 'Document parse failure: the root element is not Response');
  return response.children;
}

const element = (name: string, attributes: Record<string, string> = {}): Verb => ({ name, attributes, children: [], text: '' });

const spoken = (text: string): Verb => ({ ...element('Say'), text: text.trim() });

/** A number of an attribute, or what holds without it. */
export function numberOf(verb: Verb, name: string, otherwise: number): number {
  const value = Number(verb.attributes[name] || Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : otherwise;
}

export const flagOf = (verb: Verb, name: string, otherwise: boolean): boolean =>
  verb.attributes[name] === undefined ? otherwise : verb.attributes[name].toLowerCase() === 'true';
