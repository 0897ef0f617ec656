import { useEffect, useLayoutEffect, useReducer, useState } from 'preact/hooks';
import type { ChatState } from '../chat.js';
import type { Widget } from '../widget.js';

/** Draws anew when the conversation or the widget changes. */
export function useWidget(widget: Widget): ChatState {
  const [, draw] = useReducer<number, void>((count) => count + 1, 0);
  useLayoutEffect(() => {
    const leave = [widget.chat.watch(() => draw()), widget.watch(() => draw())];
    return () => leave.forEach((one) => one());
  }, [widget]);
  return widget.chat.state;
}

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const hear = (): void => setMatches(media.matches);
    hear();
    media.addEventListener('change', hear);
    return () => media.removeEventListener('change', hear);
  }, [query]);
  return matches;
}
