import { DateTime } from 'luxon';

type Line = Record<string, string>;

/** What a spreadsheet makes of it. */
export function table(csv: string): Line[] {
  const rows = csv.trimEnd().split('\r\n').map((line) => Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ''));
  const [head = [], ...lines] = rows;
  return lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}

const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1_000;
const words = (cell: string | undefined): string[] => (cell ? cell.split(' ') : []);

/** The nearest rank: the smallest value that at least this share of all are not above. */
function spread(values: number[]): { p50: number; p95: number; max: number } | null {
  const nearest = (share: number): number => values.filter((value) => values.filter((other) => other <= value).length >= share * values.length).sort((a, b) => a - b)[0]!;
  return values.length === 0 ? null : { p50: nearest(0.5), p95: nearest(0.95), max: nearest(1) };
}

interface Counted {
  since: string;
  first: string | undefined;
  incident: Line;
}

function figures(all: Counted[], asOf: string, isDrill: boolean): object {
  const counted = all.filter(({ incident }) => incident['isDrill'] === String(isDrill));
  const number = (test: (each: Counted) => unknown): number => counted.filter((each) => Boolean(test(each))).length;
  const isCancelled = ({ incident }: Counted): boolean => incident['state'] === 'cancelled';
  const ended = (each: Counted): string => each.incident['acknowledgedAt'] || (isCancelled(each) ? each.incident['endedAt']! : asOf);
  return {
    incidents: counted.length, acknowledged: number(({ incident }) => incident['acknowledgedAt']), cancelled: number(isCancelled),
    notAcknowledged: number((each) => !each.incident['acknowledgedAt'] && !isCancelled(each)), unattempted: number(({ first }) => first === undefined),
    slaBreaches: number((each) => each.incident['slaSeconds'] && seconds(each.since, ended(each)) > Number(each.incident['slaSeconds'])),
    secondsToFirstAttempt: spread(counted.flatMap(({ since, first }) => (first ? [seconds(since, first)] : []))),
    secondsToAcknowledge: spread(counted.flatMap(({ since, incident }) => (incident['acknowledgedAt'] ? [seconds(since, incident['acknowledgedAt'])] : []))),
  };
}

/** The report again, out of nothing but the two tables that are exported, slowly and plainly. @param zones of people, by id */
export function recomputed(incidents: Line[], attempts: Line[], asOf: string, zones: Record<string, string>): object {
  const told = attempts.filter(({ says, dispatchedAt }) => says === 'alert' && dispatchedAt);
  const firstOf = (incidentId: string | undefined, scheduleId?: string): string | undefined =>
    told.filter((line) => line['incidentId'] === incidentId && (!scheduleId || words(line['scheduleIds']).includes(scheduleId))).map((line) => line['dispatchedAt']!).sort()[0];
  const whole = incidents.map((incident) => ({ incident, since: incident['createdAt']!, first: firstOf(incident['id']) }));
  const asked = incidents.flatMap((incident) => words(incident['schedules']).map((word) => word.split('@') as [string, string]).map(([id, since]) => ({ id, incident, since, first: firstOf(incident['id'], id) })));
  const pair = (counted: Counted[]): object => ({ incidents: figures(counted, asOf, false), drills: figures(counted, asOf, true) });
  const by = <T extends Counted>(all: T[], idOf: (each: T) => string): Record<string, object> => Object.fromEntries([...new Set(all.map(idOf))].map((id) => [id, pair(all.filter((each) => idOf(each) === id))]));
  const drills = new Set(incidents.filter(({ isDrill }) => isDrill === 'true').map(({ id }) => id));
  // What comes first of each step to each person: later lines are overwritten by earlier ones.
  const latestFirst = told.filter(({ staffId }) => staffId).sort((a, b) => b['dispatchedAt']!.localeCompare(a['dispatchedAt']!));
  const steps = [...new Map(latestFirst.map((line) => [`${line['staffId']} ${line['incidentId']} ${line['round']} ${line['step']}`, line])).values()];
  const staff = Object.fromEntries([...new Set([...incidents.map((line) => line['acknowledgedStaffId']), ...steps.map(({ staffId }) => staffId)])].filter(Boolean).map((id) => {
    const taken = incidents.filter((line) => line['acknowledgedStaffId'] === id);
    const own = steps.filter(({ staffId }) => staffId === id);
    const hours = own.filter(({ incidentId }) => !drills.has(incidentId)).map((line) => DateTime.fromISO(line['dispatchedAt']!).setZone(zones[id!]!).hour);
    return [id, {
      taken: taken.filter(({ isDrill }) => isDrill === 'false').length, drillsTaken: taken.filter(({ isDrill }) => isDrill === 'true').length, interruptions: hours.length,
      drillInterruptions: own.length - hours.length, atNight: hours.filter((hour) => hour >= 22 || hour < 8).length, byHour: Array.from({ length: 24 }, (_, hour) => hours.filter((each) => each === hour).length),
    }];
  }));
  return { all: pair(whole), policies: by(whole, ({ incident }) => incident['policyId']!), schedules: by(asked, ({ id }) => id), staff };
}
