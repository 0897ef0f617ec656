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
      'chest pains?', 'pains? in (?:my|his|her|the) chest', '(?:my|his|her) chest hurts', 'heart attack', '(?:not|stopped) breathing', "(?:can ?no?t|can.?t|cannot|couldn.?t) breathe?", "(?:is|am|are|im|hes|shes|\\p{L}+'[sm]) choking", 'unconscious',
      "(?:won.?t|will not|doesn.?t|does not) wake up", 'overdosed?', 'suicid\\w*', 'kill (?:my|him|her)self', 'end my life', 'bleeding (?:heavily|badly|a lot|out)', 'having a (?:stroke|seizure)', 'anaphyla\\w+', 'smells? (?:of )?gas',
      'gas leak', '(?:house|building|room|kitchen) is on fire', 'carbon monoxide',
      'brustschmerz\\w*', 'schmerzen in der brust', 'herzinfarkt', 'keine luft', 'atmet nicht', 'bewusstlos\\w*', 'uberdosis', 'ueberdosis', 'umbringen', 'selbstmord\\w*', 'blutet stark', 'schlaganfall', 'gasgeruch', 'riecht nach gas', 'es brennt',
      'dolor (?:en el|de) pecho', 'infarto', 'ataque al corazon', 'no (?:puedo|puede) respirar', 'no respira', 'inconsciente', 'sobredosis', 'suicid\\w*', 'sangra mucho', 'fuga de gas', 'huele a gas',
      'douleurs? (?:a|dans) la poitrine', 'mal a la poitrine', 'crise cardiaque', 'infarctus', "(?:n.arrive|arrive) (?:pas|plus) a respirer", 'ne respire (?:pas|plus)', 'inconscient\\w*', 'surdose', 'fuite de gaz', 'odeur de gaz',
    ]),
  },
  { urgency: 4, words: alarm(['emergency', 'notfall', 'emergencia', 'urgence vitale', 'panic attack', 'panikattacke', 'ataque de panico', 'crise de panique']) },
];

function alarm(words: string[]): RegExp {
  // A line may be wrapped within them.
  return new RegExp(`(?<!\\p{L})(?:${words.join('|').replaceAll(' ', '\\s')})(?!\\p{L})`, 'gu');
}

/**
 * Right before it, it says that there is none, or what to do if there were. "Not breathing" is no such word: it stands in the list as it is. A word of
 * doubt between the two, a comma or a new line, and it counts. "Nicht" and "pas" deny it only with their verb before them: without it they deny what was
 * said before ("er antwortet nicht, bewusstlos", as people type it without the comma).
 */
const NONE_BEFORE = new RegExp(
  `(?<!\\p{L})(?:${[
    'no', 'without', 'non-?', 'not', "isn't", "isnt", 'never', 'never had', 'in case of', "(?:do|does|did)(?: not|n't|nt) (?:have|feel|get)", "(?:have|has)(?: not|n't) (?:had|got)", '(?:not|no longer|never) (?:have|having|feel|feeling)',
    'keine[nrm]?', 'kein', 'ohne', "(?:ist|sind|bin|war|waren|wurde|scheint|wirkt) (?:(?:aber|gar|noch|auch|zum gluck) )?nicht(?: mehr)?", 'in einem', 'im falle (?:von|eines)', 'bei',
    'sin', 'no (?:tengo|tiene|siento|siente|hay|es|esta)', 'en caso de', '(?:contacto|numero|salida|telefono|sala|caso|plan) de',
    'sans', "pas d(?:e |')", "(?:n'|ne )(?:ai|a|est|suis|sont|etait|etais|avait|y a) (?:pas|plus)(?: eu)?(?: d(?:e|'))?", "(?:ai|est|suis|sont|etait|etais) pas", 'aucune?', 'en cas de',
  ].join('|')})(?: (?:an?|any|the|more|a single|weitere[nr]?|un|una|ningun|ninguna|mas|une|autre))*[ -]?$`,
  'u',
);
/** "Im Notfall" is German for "in case of". Before anything else it is how people type "I'm". */
const CASE_BEFORE = /(?<!\p{L})im $/u;
/** What is called so and is none. */
const NONE_AFTER = /^(?: |-)(?:contacts?|exits?|numbers?|rooms?|fees?|funds?|plans?|kits?|brakes?|surcharges?|drills?|lights?)(?!\p{L})/u;

const SPAN = '(?:years?|months?|decades?) ago';
/** So long ago that nobody has to come now. */
const AGO = `(?:${[
  String.raw`(?:(?:about|around|over|more than) )?(?:(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|many|several|some|(?:a )?few|(?:a )?couple of) )?${SPAN}`,
  'last (?:year|summer|winter|spring|autumn)', 'as a (?:child|kid)',
  String.raw`vor (?:(?:ein paar|\p{L}+|\d+) )?(?:jahr|jahren|monaten)`, 'letztes jahr', 'letzten (?:sommer|winter)', 'als kind',
  String.raw`hace (?:(?:\p{L}+|\d+) )?(?:anos?|meses)`, 'el ano pasado', String.raw`il y a (?:(?:\p{L}+|\d+) )?(?:ans?|annees|mois)`, "l'an(?:nee)? derniere?",
].join('|')})`;
/** It may be a room too: only where something says that it was once. */
const YEAR = String.raw`(?:(?:in|im jahre?|en) )?(?:19|20)\d\d`;
const WHO = String.raw`(?:i|he|she|we|they|my \p{L}+|our \p{L}+|ich|er|sie|wir|mein\p{L}* \p{L}+|yo|el|ella|mi \p{L}+|je|il|elle|m(?:on|a) \p{L}+)`;
const HAD = String.raw`(?<!\p{L})(?:had|suffered|got|was|were|took|hatten?|bekam|erlitt|war|tuv[eo]|sufrio?|estuv[eo]|(?:ai|a|as) (?:eu|fait|subi)|avais|avait)`;
const WHICH = '(?: (?:an?|the|my|his|her|small|mild|minor|bad|severe|massive|first|einen?|leichten|schweren|un|una|une|el|la|le))* $';

/**
 * It was then, and the words say so right before it or right after it, with nothing between. "Chest pain, he had a stent two years ago" is of now, and so
 * it is where nobody types the comma.
 */
const AGO_BEFORE = new RegExp(`(?:[.!?;\\n] ?(?:(?:${AGO}|${YEAR}),? (?:${WHO} |j')?${HAD}(?: ${WHO})?|${AGO})|${HAD} (?:${WHO} )?(?:${AGO}|${YEAR}))${WHICH}`, 'u');
const HAD_BEFORE = new RegExp(`${HAD}${WHICH}`, 'u');
const ENDS = String.raw`(?= ?(?:$|[.,;:!?)\n]|(?:and|but|und|aber|y|pero|et|mais)(?!\p{L})))`;
const AGO_AFTER = new RegExp(`^ ${AGO}${ENDS}`, 'u');
const YEAR_AFTER = new RegExp(`^ ${YEAR}${ENDS}`, 'u');

/** What people nearly have, or are given by a bill, without being ill. The German "fast" is told by its article from the English one. */
const FIGURE = /attack|infar|corazon|cardiaque|schlag|stroke|pani/;
const FIGURATIVE =
  /(?<!\p{L})(?:nearly|almost|practically|(?:gave|give|giving|gives) (?:me|us|her|him)|fast(?= (?:ein|einen|den|nen)\s)|beinahe|casi|por poco|presque|failli)(?:\s+(?:had|have|having|got|getting|gave|give|gives|giving|me|us|her|him|a|an|the|ein|einen|den|nen|hatte|bekam|da|dio|un|una|el|tuve|tuvo|tengo|eu|avoir|fait|faire|une))*\s+$/u;

/** How urgent somebody's words are, by themselves, and which of them say so; null where they say nothing of the kind. */
export function houseUrgencyIn(body: string): Heard | null {
  const text = normal(body);
  for (const { urgency, words } of ALARMS) {
    for (const found of text.matchAll(words)) {
      if (isMeant(text, found.index, found[0])) return { urgency, words: found[0].replaceAll('\n', ' ') };
    }
  }
  return null;
}

/** Only where the text itself says otherwise, and in the same breath. Where it is not clear, it counts. */
function isMeant(text: string, at: number, words: string): boolean {
  const [before, after] = [`\n${text}`.slice(Math.max(0, at - 120), at + 1), text.slice(at + words.length, at + words.length + 80)];
  if (NONE_BEFORE.test(before) || NONE_AFTER.test(after) || (words === 'notfall' && CASE_BEFORE.test(before))) return false;
  if (FIGURE.test(words) && FIGURATIVE.test(before)) return false;
  return !(AGO_BEFORE.test(before) || AGO_AFTER.test(after) || (YEAR_AFTER.test(after) && HAD_BEFORE.test(before)));
}
