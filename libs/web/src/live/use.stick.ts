import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

const NEAR_PX = 40;

const toEnd = (element: HTMLElement): void => {
  element.scrollTop = element.scrollHeight;
};

/** Keeps a list at its newest line, whatever is added or grows, unless somebody has scrolled up to read. */
export function useStickToEnd(list: RefObject<HTMLElement | null>): void {
  const reading = useRef(false);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const noteScroll = (): void => {
      reading.current = element.scrollHeight - element.scrollTop - element.clientHeight > NEAR_PX;
    };
    const resized = new ResizeObserver(() => (reading.current ? undefined : toEnd(element)));
    element.addEventListener('scroll', noteScroll, { passive: true });
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', noteScroll);
      resized.disconnect();
    };
  });
  useLayoutEffect(() => {
    if (list.current && !reading.current) toEnd(list.current);
  });
}
