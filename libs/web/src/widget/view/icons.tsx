const shapes = {
  chat: 'M21 11.5a8.4 8.4 0 0 1-8.5 8.5 8.7 8.7 0 0 1-3.6-.8L3 21l1.8-5.4A8.4 8.4 0 0 1 4 11.5 8.5 8.5 0 0 1 12.5 3 8.4 8.4 0 0 1 21 11.5Z',
  down: 'm6 9 6 6 6-6',
  close: 'M6 6l12 12M18 6 6 18',
  send: 'M12 20V5M5.5 11.5 12 5l6.5 6.5',
  clip: 'm20.5 11.6-8.6 8.5a5.6 5.6 0 0 1-7.9-7.9l8.6-8.6a3.7 3.7 0 0 1 5.3 5.3l-8.6 8.5a1.9 1.9 0 0 1-2.7-2.6l8-8',
  file: 'M14 3v5h5M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5Z',
  save: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  sound: 'M11 5 6.5 9H3v6h3.5L11 19V5Zm4.5 3.5a5 5 0 0 1 0 7M18 6a8.500 8.500 0 0 1 0 12',
  mute: 'M11 5 6.500 9H3v6h3.500L11 19V5Zm5 4.500 5 5m0-5-5 5',
  spark: 'M12 3.500 13.900 10.100 20.500 12 13.900 13.900 12 20.500 10.100 13.900 3.500 12 10.100 10.100Z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.500 8.500c.8-3.600 3.700-5.500 7.500-5.500s6.700 1.900 7.500 5.500',
  done: 'm5 12.500 4.500 4.500L19 7.500',
  warning: 'M12 8v5m0 3.500v.1M12 3.500 2.500 20h19L12 3.500Z',
};

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
