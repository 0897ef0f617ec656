import { useEffect, type RefObject } from 'react';

/** What had the focus is gone: this takes it. Nobody loses it who writes somewhere else. */
export function useLostFocus(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  }, [element]);
}
