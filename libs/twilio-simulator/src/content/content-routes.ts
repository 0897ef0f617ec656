import type { Content } from '../entities.js';
import { metaPage } from '../pages.js';
import { type Call, created, gone, ok, route, type Route } from '../router.js';
import { newSid } from '../sids.js';
import { badRequest, notFound } from '../twilio-error.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';
import { approvalOf, isApprovable, statusOf } from './approvals.js';

const HOST = 'content.twilio.com';

/** Types that the Content API knows (OpenAPI of content v1). */
const TYPES: readonly string[] = [
  'twilio/text', 'twilio/media', 'twilio/location', 'twilio/list-picker', 'twilio/call-to-action', 'twilio/quick-reply', 'twilio/card',
  'twilio/catalog', 'twilio/carousel', 'twilio/flows', 'twilio/schedule', 'whatsapp/card', 'whatsapp/authentication', 'whatsapp/flows',
];
const CATEGORIES: readonly string[] = ['UTILITY', 'MARKETING', 'AUTHENTICATION'];
const LONGEST_BODY = 1_600;

/** Templates and what WhatsApp thinks of them: Content API v1, in JSON. */
export function contentRoutes(world: World): Route[] {
  return [
    route('POST', HOST, '/v1/Content', (call) => created(contentJson(create(world, call)))),
    route('GET', HOST, '/v1/Content', (call) => ok(metaPage(call, { key: 'contents', rows: ownOf(world, call), render: contentJson }))),
    route('GET', HOST, '/v1/Content/:sid', (call) => ok(contentJson(find(world, call)))),
    route('DELETE', HOST, '/v1/Content/:sid', (call) => {
      world.store.contents.remove(find(world, call).sid);
      return gone;
    }),
    route('POST', HOST, '/v1/Content/:sid/ApprovalRequests/whatsapp', (call) => created(submitted(world, call))),
    route('GET', HOST, '/v1/Content/:sid/ApprovalRequests', (call) => ok(approvals(world, find(world, call)))),
  ];
}

/** Those that came by the control API belong to everybody. */
const ownOf = (world: World, { account }: Call): Content[] =>
  world.store.contents.all().filter(({ accountSid }) => !accountSid || accountSid === account.sid).map((content) => ({ ...content, accountSid: account.sid }));

function find(world: World, call: Call): Content {
  const found = ownOf(world, call).find(({ sid }) => sid === call.at.sid);
  if (!found) throw notFound(call.path);
  return found;
}

function create(world: World, { account, json }: Call): Content {
  const { friendly_name: friendlyName = '', language, variables = {}, types } = json;
  if (typeof language !== 'string' || language === '') throw badRequest(20422, 'language is required');
  if (!isFields(types) || Object.keys(types).length === 0) throw badRequest(20422, 'types is required');
  const strange = Object.keys(types).find((type) => !TYPES.includes(type));
  if (strange !== undefined) throw badRequest(20422, `${strange} is not a content type`);
  if (!isFields(variables) || Object.values(variables).some((value) => typeof value !== 'string')) throw badRequest(20422, 'variables has to be an object of strings');
  const body = bodyOf(types);
  if (body.length > LONGEST_BODY) throw badRequest(20422, `the body has more than ${LONGEST_BODY} characters`);
  const now = world.clock.ms();
  return world.store.contents.save({
    sid: newSid('HX'), accountSid: account.sid, createdAt: now, updatedAt: now, friendlyName: String(friendlyName), language,
    variables: variables as Record<string, string>, types, body, approval: null,
  });
}

/** What a phone shows of it: the text of the richest type, which is the last resort's where that is all there is. */
function bodyOf(types: Record<string, unknown>): string {
  const shown = Object.entries(types).sort(([one], [other]) => Number(one === 'twilio/text') - Number(other === 'twilio/text'));
  return shown.map(([, type]) => (isFields(type) ? (type.body ?? type.title) : undefined)).find((text) => typeof text === 'string') ?? '';
}

function submitted(world: World, call: Call): Record<string, unknown> {
  const content = find(world, call);
  const { name, category } = call.json;
  if (typeof name !== 'string' || !/^[a-z0-9_]{1,512}$/.test(name)) throw badRequest(20422, 'name has to be of lower case letters, digits and _');
  if (typeof category !== 'string' || !CATEGORIES.includes(category)) throw badRequest(20422, `category has to be one of ${CATEGORIES.join(', ')}`);
  if (!isApprovable(content)) throw badRequest(20422, 'This type of content needs no approval and cannot have one');
  const present = approvalOf(content);
  if (present && statusOf(content, world.clock.ms()) !== 'rejected') throw badRequest(20422, 'The template has been submitted already');
  content.approval = { name, category, requestedAt: world.clock.ms(), decided: null, rejectionReason: '' };
  return approvalJson(world, world.store.contents.save(content));
}

function approvalJson(world: World, content: Content): Record<string, unknown> {
  const approval = approvalOf(content);
  return {
    name: approval?.name ?? '', category: approval?.category ?? '', content_type: Object.keys(content.types ?? {})[0] ?? 'twilio/text',
    status: statusOf(content, world.clock.ms()), rejection_reason: approval?.rejectionReason ?? '', allow_category_change: true,
  };
}

const approvals = (world: World, content: Content): Record<string, unknown> => ({
  sid: content.sid, account_sid: content.accountSid, whatsapp: { type: 'whatsapp', ...approvalJson(world, content) }, url: `${urlOf(content)}/ApprovalRequests`,
});

const urlOf = ({ sid }: Content): string => `https://${HOST}/v1/Content/${sid}`;

function contentJson(content: Content): Record<string, unknown> {
  const url = urlOf(content);
  return {
    sid: content.sid, account_sid: content.accountSid, friendly_name: content.friendlyName ?? '', language: content.language ?? 'en',
    variables: content.variables ?? {}, types: content.types ?? { 'twilio/text': { body: content.body } }, url,
    date_created: isoSeconds(content.createdAt ?? 0), date_updated: isoSeconds(content.updatedAt ?? 0),
    links: { approval_create: `${url}/ApprovalRequests/whatsapp`, approval_fetch: `${url}/ApprovalRequests` },
  };
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
