import { normal } from './text.policy.js';

/** How urgent words are, and which of them say so. */
export interface Heard {
  urgency: number;
  words: string;
}

/** What people say in an emergency, in the languages of the house, as `normal` has it. Each of them raises the urgency; nothing that is said lowers it. */
const ALARMS: { urgency: number; words: RegExp }[] = [
  {
    urgency: 5,
    words: alarm([
      'chest pains?', 'pains? in (?:my|his|her|the) chest', '(?:my|his|her) chest hurts', 'heart attack', '(?:not|stopped) breathing', "(?:can ?no?t|can.t|cannot|couldn.t) breathe?", "(?:is|am|are|\\p{L}+'[sm]) choking", 'unconscious',
      "(?:won.t|will not|doesn.t|does not) wake up", 'overdosed?', 'suicid\\w*', 'kill (?:my|him|her)self', 'end my life', 'bleeding (?:heavily|badly|a lot|out)', 'having a (?:stroke|seizure)', 'anaphyla\\w+', 'smells? (?:of )?gas',
      'gas leak', '(?:house|building|room|kitchen) is on fire', 'carbon monoxide',
      'brustschmerz\\w*', 'schmerzen in der brust', 'herzinfarkt', 'keine luft', 'atmet nicht', 'bewusstlos\\w*', 'uberdosis', 'ueberdosis', 'umbringen', 'selbstmord\\w*', 'blutet stark', 'schlaganfall', 'gasgeruch', 'riecht nach gas', 'es brennt',
      'dolor (?:en el|de) pecho', 'infarto', 'ataque al corazon', 'no (?:puedo|puede) respirar', 'no respira', 'inconsciente', 'sobredosis', 'suicid\\w*', 'sangra mucho', 'fuga de gas', 'huele a gas',
      'douleurs? (?:a|dans) la poitrine', 'mal a la poitrine', 'crise cardiaque', 'infarctus', "(?:n.arrive|arrive) (?:pas|plus) a respirer", 'ne respire (?:pas|plus)', 'inconscient\\w*', 'surdose', 'fuite de gaz', 'odeur de gaz',
    ]),
  },
  { urgency: 4, words: alarm(['emergency', 'notfall', 'emergencia', 'urgence vitale', 'panic attack', 'panikattacke', 'ataque de panico', 'crise de panique']) },
];

function alarm(words: string[]): RegExp {
  return new RegExp(`(?<!\\p{L})(?:${words.join('|')})(?!\\p{L})`, 'gu');
}

/**
 * Right before it, it says that there is none, or what to do if there were. "Not breathing" is no such word: it stands in the list as it is. A word of
 * doubt between the two, or a comma, and it counts.
 */
const NONE_BEFORE = new RegExp(
  `(?<!\\p{L})(?:${[
    'no', 'without', 'non-?', 'not', "isn't", "isnt", 'never', 'never had', 'in case of', "(?:do|does|did)(?: not|n't|nt) (?:have|feel|get)", "(?:have|has)(?: not|n't) (?:had|got)", '(?:not|no longer|never) (?:have|having|feel|feeling)',
    'keine[nrm]?', 'kein', 'ohne', 'nicht', 'nicht mehr', 'im', 'in einem', 'im falle (?:von|eines)', 'bei',
    'sin', 'no (?:tengo|tiene|siento|siente|hay|es|esta)', 'en caso de', '(?:contacto|numero|salida|telefono|sala|caso|plan) de',
    'sans', 'pas', 'pas de', "n'(?:ai|a|est|y a) (?:pas|plus)(?: eu)?(?: de)?", 'aucune?', 'en cas de',
  ].join('|')})(?: (?:an?|any|the|more|a single|weitere[nr]?|un|una|ningun|ninguna|mas|une|autre))*[ -]?$`,
  'u',
);
/** What is called so and is none. */
const NONE_AFTER = /^(?: |-)(?:contacts?|exits?|numbers?|rooms?|fees?|funds?|plans?|kits?|brakes?|surcharges?|drills?|lights?)(?!\p{L})/u;

/** So long ago that nobody has to come now. */
const LONG_AGO = new RegExp(
  `(?<!\\p{L})(?:(?:years?|months|decades?) ago|last (?:year|summer|winter|spring|autumn)|(?:in|im jahre?|en) (?:19|20)\\d\\d|as a (?:child|kid)|vor (?:\\p{L}+ |\\d+ )?(?:jahr|jahren|monaten)|letztes jahr|letzten (?:sommer|winter)` +
  `|als kind|hace (?:\\p{L}+ |\\d+ )?(?:anos?|meses)|el ano pasado|il y a (?:\\p{L}+ |\\d+ )?(?:ans?|annees|mois)|l'an(?:nee)? derniere?)(?!\\p{L})`,
  'u',
);
/** Where one thing that is said ends, and what is now begins. */
const CLAUSE = /[.!?;]|(?<!\p{L})(?:but|now|again|today|tonight|since|aber|jetzt|wieder|heute|seit|pero|ahora|otra vez|hoy|desde|mais|maintenant|encore|aujourd'hui|depuis)(?!\p{L})/gu;

/** What people nearly have, or are given by a bill, without being ill. */
const FIGURE = /attack|infar|corazon|cardiaque|schlag|stroke|pani/;
const FIGURATIVE = /(?<!\p{L})(?:nearly|almost|practically|(?:gave|give|giving|gives) (?:me|us|her|him)|fast|beinahe|casi|por poco|presque|failli)(?!\p{L})[^.!?;,]{0,25}$/u;

/** How urgent somebody's words are, by themselves, and which of them say so; null where they say nothing of the kind. */
export function houseUrgencyIn(body: string): Heard | null {
  const text = normal(body);
  for (const { urgency, words } of ALARMS) {
    for (const found of text.matchAll(words)) {
      if (isMeant(text, found.index, found[0])) return { urgency, words: found[0] };
    }
  }
  return null;
}

/** Only where the text itself says otherwise, and in the same breath. Where it is not clear, it counts. */
function isMeant(text: string, at: number, words: string): boolean {
  const [before, after] = [text.slice(Math.max(0, at - 80), at), text.slice(at + words.length, at + words.length + 80)];
  if (NONE_BEFORE.test(before) || NONE_AFTER.test(after)) return false;
  if (FIGURE.test(words) && FIGURATIVE.test(before)) return false;
  const breath = `${before.split(CLAUSE).at(-1)!}${words}${after.split(CLAUSE)[0]!}`;
  return !LONG_AGO.test(breath);
}
