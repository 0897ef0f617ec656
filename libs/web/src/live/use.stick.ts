import { useEffect, useRef, type RefObject } from 'react';

const NEAR_PX = 120;

/** Keeps a list at its newest line, unless somebody has scrolled up to read. */
export function useStickToEnd(list: RefObject<HTMLElement | null>, length: number): void {
  const before = useRef(0);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const first = before.current === 0;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    const newest = element.lastElementChild?.clientHeight ?? 0;
    if (first || below < NEAR_PX + newest) element.scrollTo({ top: element.scrollHeight, behavior: first ? 'instant' : 'smooth' });
    before.current = length;
  }, [list, length]);
}
