import { z } from 'zod';
import { byWhom as by } from '../staff/staff.types.js';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';

const EXAMPLES = { examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] };
const id = z.string().meta({ format: 'uuid', ...EXAMPLES });

export const newCalendarSchema = z
  .strictObject({ staffId: z.uuid().nullable().default(null).meta({ description: 'Whose shifts; those of everybody, and gaps, where not given', ...EXAMPLES }), by })
  .meta({ id: 'NewCalendar' });
export type NewCalendarBody = z.output<typeof newCalendarSchema>;

export const calendarSchema = z
  .object({
    id, scheduleId: id, staffId: id.nullable(), madeBy: z.string().nullable(), createdAt: instant, readAt: instant.nullable().meta({ description: 'When a program last fetched it, to the hour' }),
    url: z.string().meta({ description: 'For a calendar program to subscribe to. Who knows it can read the shifts', examples: ['https://hub.example.com/calendars/Q7xm….ics'] }),
  })
  .meta({ id: 'Calendar' });
export const calendarsSchema = pageSchema(calendarSchema).meta({ id: 'Calendars' });
