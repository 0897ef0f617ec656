/** What people say in an emergency, in the languages of the house. Each of them raises the urgency; nothing that is said lowers it. */
const ALARMS: { urgency: number; words: RegExp }[] = [
  {
    urgency: 5,
    words: new RegExp([
      'chest pains?', 'pains? in (?:my|his|her|the) chest', 'heart attack', 'not breathing', '(?:can ?no?t|can.t|cannot) breathe?', '(?:is|am) choking', 'unconscious', 'overdosed?', 'suicid\\w*', 'kill (?:my|him|her)self',
      'bleeding (?:heavily|badly|a lot)', 'having a (?:stroke|seizure)', 'anaphyla\\w+', 'smell (?:of )?gas', 'gas leak', '(?:house|building|room) is on fire',
      'brustschmerz\\w*', 'schmerzen in der brust', 'herzinfarkt', 'keine luft', 'atmet nicht', 'bewusstlos\\w*', 'überdosis', 'umbringen', 'selbstmord\\w*', 'blutet stark', 'schlaganfall', 'gasgeruch', 'es brennt',
      'dolor (?:en el|de) pecho', 'infarto', 'ataque al coraz[oó]n', 'no (?:puedo|puede) respirar', 'no respira', 'inconsciente', 'sobredosis', 'suicid\\w*', 'sangra mucho', 'fuga de gas', 'huele a gas',
      'douleurs? (?:à|dans) la poitrine', 'mal à la poitrine', 'crise cardiaque', 'infarctus', '(?:n.arrive|arrive) (?:pas|plus) à respirer', 'ne respire (?:pas|plus)', 'inconscient\\w*', 'surdose', 'fuite de gaz', 'odeur de gaz',
    ].join('|')),
  },
  { urgency: 4, words: /emergency|notfall|emergencia|urgence vitale|panic attack|panikattacke|ataque de p[aá]nico|crise de panique/ },
];

/** Right before it, it says that there is none. "Not breathing" is no such word: it stands in the list as it is. */
const NONE_BEFORE = /(?:\bno|\bwithout|\bkeine[nr]?|\bkein|\bohne|\bsin|\bsans|\bpas de|\baucune?)\s+$/;

/** How urgent somebody's words are, by themselves, and which of them say so; null where they say nothing of the kind. */
export function urgencyIn(body: string): { urgency: number; words: string } | null {
  const text = body.toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ');
  for (const { urgency, words } of ALARMS) {
    for (const found of text.matchAll(new RegExp(`(?<!\\p{L})(?:${words.source})(?!\\p{L})`, 'gu'))) {
      if (!NONE_BEFORE.test(text.slice(0, found.index))) return { urgency, words: found[0] };
    }
  }
  return null;
}
