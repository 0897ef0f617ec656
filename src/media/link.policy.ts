import { createHmac, timingSafeEqual } from 'node:crypto';

/** Which file is meant, of whom, and until when. */
export interface Link {
  tenantId: string;
  fileId: string;
  /** In whole seconds. */
  expiresAt: Date;
}

const PAYLOAD_BYTES = 36;
const SHAPE = /^([A-Za-z0-9_-]{48})\.([A-Za-z0-9_-]{43})$/;

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const uuidAt = (bytes: Buffer, start: number): string =>
  bytes.toString('hex', start, start + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const macOf = (payload: string, secret: string): Buffer => createHmac('sha256', secret).update(payload).digest();

/** What stands in the address instead of a name. Nobody can make one, or change one, without the tenant's secret. */
export function sealedLink({ tenantId, fileId, expiresAt }: Link, secret: string): string {
  const bytes = Buffer.alloc(PAYLOAD_BYTES);
  bytesOf(tenantId).copy(bytes, 0);
  bytesOf(fileId).copy(bytes, 16);
  bytes.writeUInt32BE(Math.floor(expiresAt.getTime() / 1_000), 32);
  const payload = bytes.toString('base64url');
  return `${payload}.${macOf(payload, secret).toString('base64url')}`;
}

/** What it claims to be; nothing of it is to be believed before `isSealedWith`. Null for what is none at all. */
export function claimedLink(token: string): Link | null {
  const payload = SHAPE.exec(token)?.[1];
  if (!payload) return null;
  const bytes = Buffer.from(payload, 'base64url');
  return { tenantId: uuidAt(bytes, 0), fileId: uuidAt(bytes, 16), expiresAt: new Date(bytes.readUInt32BE(32) * 1_000) };
}

export function isSealedWith(token: string, secret: string): boolean {
  const [, payload, mac] = SHAPE.exec(token) ?? [];
  return payload !== undefined && timingSafeEqual(Buffer.from(mac!, 'base64url'), macOf(payload, secret));
}
