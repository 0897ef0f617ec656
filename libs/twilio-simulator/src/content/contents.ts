import type { ApprovalStatus, Button, Content } from '../entities.js';
import type { Channel } from '../messaging/address.js';
import type { World } from '../world.js';

export interface ContentRequest {
  /** HX and 32 hexadecimal digits. */
  sid: string;
  /** Text with places such as {{1}}. */
  body: string;
  /** What stands on its buttons; without them it is plain text. */
  buttons?: string[] | undefined;
  /** `approved`, where nothing else is said. */
  status?: ApprovalStatus | undefined;
}

const STATUSES: readonly string[] = ['unsubmitted', 'received', 'pending', 'approved', 'rejected', 'paused', 'disabled'] satisfies ApprovalStatus[];

/** Makes a content template known without the Content API, approved at once unless something else is wished. */
export function addContent(world: World, request: ContentRequest): ContentRequest {
  const { sid, body, buttons, status = 'approved' } = request;
  if (!/^HX[0-9a-f]{32}$/i.test(sid)) throw new RangeError(`"${sid}" is not a content sid (HX and 32 hexadecimal digits)`);
  const now = world.clock.ms();
  const types = buttons
    ? { 'twilio/quick-reply': { body, actions: buttons.map((title) => ({ title, id: title })) } }
    : { 'twilio/text': { body } };
  world.store.contents.save({
    sid, accountSid: null, createdAt: now, updatedAt: now, friendlyName: sid, language: 'en', variables: {}, types, body, approval: null,
  });
  decide(world, sid, status);
  return request;
}

/** What WhatsApp thinks of a template from now on. */
export function decide(world: World, sid: string, status: ApprovalStatus, reason = ''): Content {
  const content = world.store.contents.get(sid);
  if (!content) throw new RangeError(`There is no template ${sid}`);
  if (!STATUSES.includes(status)) throw new RangeError(`"${String(status)}" is not a status: ${STATUSES.join(', ')}`);
  content.approval = status === 'unsubmitted'
    ? null
    : { name: 'by_control', category: 'UTILITY', requestedAt: world.clock.ms(), ...content.approval, decided: status, rejectionReason: reason };
  return world.store.contents.save(content);
}

const PLACE = /\{\{(\w+)\}\}/g;

export interface Rendered {
  text: string;
  buttons: Button[];
  /** Places that nothing was given for. */
  unfilled: string[];
}

/**
 * A template with its places filled: from what was given, else from its own samples. Undefined where there is no such template. An SMS
 * shows the plain text of it, where it has one, and no buttons.
 */
export function rendered(world: World, sid: string, variables: string | undefined, channel: Channel = 'whatsapp'): Rendered | undefined {
  const template = world.store.contents.get(sid);
  if (!template) return undefined;
  const given = variables === undefined ? {} : (JSON.parse(variables) as Record<string, unknown>);
  const values = { ...template.variables, ...given };
  const filled = (text: string): string => text.replace(PLACE, (place, name: string) => String(values[name] ?? place));
  const plain = channel === 'sms' ? (template.types?.['twilio/text'] as { body?: string } | undefined)?.body : undefined;
  const text = filled(plain ?? template.body);
  return { text, buttons: channel === 'sms' ? [] : buttonsOf(template, filled), unfilled: [...text.matchAll(PLACE)].map((match) => match[1]!) };
}

/** The same, where only the words matter. */
export const renderContent = (world: World, sid: string, variables: string | undefined): string | undefined => rendered(world, sid, variables)?.text;

interface Action {
  type?: string;
  title?: string;
  item?: string;
  id?: string;
}

function buttonsOf({ types }: Content, filled: (text: string) => string): Button[] {
  const replies = (types?.['twilio/quick-reply'] as { actions?: Action[] } | undefined)?.actions ?? [];
  const chips = ((types?.['twilio/card'] as { actions?: Action[] } | undefined)?.actions ?? []).filter(({ type }) => type === 'QUICK_REPLY');
  const items = (types?.['twilio/list-picker'] as { items?: Action[] } | undefined)?.items ?? [];
  const shown = ({ title, item, id }: Action): Button => (
    { text: filled(title ?? item ?? ''), payload: filled(id ?? title ?? item ?? ''), ...(item === undefined ? {} : { isItem: true }) });
  return [...replies, ...chips, ...items].map(shown);
}

export function isContentVariables(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
