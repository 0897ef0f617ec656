import type { Approval, ApprovalStatus, Button, Content } from '../entities.js';

const MINUTE = 60_000;
/** WhatsApp looks at a template for minutes to a day; here it is always the same time. */
const PENDING_AFTER_MS = MINUTE;
const APPROVED_AFTER_MS = 5 * MINUTE;

/** Known since they came by the control API, which needs no review. */
const PRESENT: Approval = { name: 'by_control', category: 'UTILITY', requestedAt: 0, decided: 'approved', rejectionReason: '' };

/** Undefined where nobody has asked for it. Templates of older state files have no such field, and were all approved. */
export const approvalOf = (content: Content): Approval | null => (content.approval === undefined ? PRESENT : content.approval);

export function statusOf(content: Content, now: number): ApprovalStatus {
  const approval = approvalOf(content);
  if (!approval) return 'unsubmitted';
  if (approval.decided) return approval.decided;
  const age = now - approval.requestedAt;
  return age >= APPROVED_AFTER_MS ? 'approved' : age >= PENDING_AFTER_MS ? 'pending' : 'received';
}

/** What WhatsApp shows below a message that nobody has approved: three buttons, or a list of ten, with short words on them. */
export function isTooMuch(content: Content, { buttons }: { buttons: readonly Button[] }, status: ApprovalStatus): boolean {
  const isList = content.types?.['twilio/list-picker'] !== undefined;
  const [most, longest] = isList ? [10, 24] : [status === 'approved' ? 10 : 3, status === 'approved' ? 25 : 20];
  return buttons.length > most || buttons.some(({ text }) => text.length > longest);
}

/** Why WhatsApp does not take this template outside the window; undefined when it does. */
export function refusalOf(status: ApprovalStatus): number | undefined {
  if (status === 'approved') return undefined;
  if (status === 'rejected') return 63040;
  return status === 'paused' || status === 'disabled' ? 63041 : 63016;
}

/** `location` and `list-picker` cannot open a conversation (facts B.8), so nobody approves them. */
export const isApprovable = (content: Content): boolean =>
  !Object.keys(content.types ?? {}).some((type) => type === 'twilio/list-picker' || type === 'twilio/location');
