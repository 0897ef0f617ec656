const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const precise = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });

const dated = (at: string | Date): Date => (at instanceof Date ? at : new Date(at));

const shown = (format: Intl.DateTimeFormat, at: string | Date): string => {
  const instant = dated(at);
  return Number.isNaN(instant.getTime()) ? '' : format.format(instant);
};

export const hourMinute = (at: string | Date): string => shown(clock, at);
export const hourMinuteSecond = (at: string | Date): string => shown(precise, at);
export const dayOf = (at: string | Date): string => shown(day, at);
