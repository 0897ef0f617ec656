import type { World } from '../world.js';

export interface ContentRequest {
  /** HX and 32 hexadecimal digits. */
  sid: string;
  /** Text with places such as {{1}}. */
  body: string;
}

/** Makes a content template known. The Content API itself is not simulated; templates come by the control API. */
export function addContent(world: World, content: ContentRequest): ContentRequest {
  if (!/^HX[0-9a-f]{32}$/i.test(content.sid)) {
    throw new RangeError(`"${content.sid}" is not a content sid (HX and 32 hexadecimal digits)`);
  }
  return world.store.contents.save({ sid: content.sid, body: content.body });
}

/** The text of a template with its places filled; undefined where there is no such template. */
export function renderContent(world: World, sid: string, variables: string | undefined): string | undefined {
  const template = world.store.contents.get(sid);
  const values = variables === undefined ? {} : (JSON.parse(variables) as Record<string, unknown>);
  return template?.body.replace(/\{\{(\w+)\}\}/g, (place, name: string) => String(values[name] ?? place));
}

export function isContentVariables(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
