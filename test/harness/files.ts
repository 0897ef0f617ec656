import type { House } from './house.js';

/** A picture of one point, as PNG. */
export const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** A colleague hands a file in, to be sent in this conversation. @returns its id */
export async function handIn(house: House, conversationSid: string, bytes: Buffer, filename = 'map.png'): Promise<string> {
  const answer = await fetch(`${house.url}/api/v1/conversations/${conversationSid}/attachments?filename=${encodeURIComponent(filename)}`, {
    method: 'POST', headers: { Authorization: `Bearer ${house.adminToken}`, 'Content-Type': 'application/octet-stream' }, body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}
