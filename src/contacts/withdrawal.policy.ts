/** How far it goes: what the person writes from, or whatever of theirs we know. */
export type Extent = 'address' | 'person';

export interface Withdrawal {
  extent: Extent;
  /** The house's confirmation, in the language in which it was said. */
  confirmation: string;
}

/** Nobody needs more characters to say just this. What says more is left to the assistant, which has a tool for it. */
const LONGEST = 200;

interface Language {
  /** Politeness around the request, which changes nothing. */
  before: RegExp;
  after: RegExp;
  /** A request in the form of a question; any other question asks for something else. */
  asked: RegExp | null;
  /** Each is a whole sentence. The group `all` says that no channel is left. */
  phrases: RegExp[];
  confirmations: Record<Extent, string>;
}

const TEXTS = '(?:text messages|texts|messages|sms|whatsapps?|notifications)';
const EN_ALL = '(?<all> (?:at all|in any way|by any means|on any (?:channel|number)))?';
const EN_MORE = '(?: any ?more| any longer| again| ever again| ever)?';
const DE_NEWS = '(?:nachrichten|sms|textnachrichten|whatsapps)';
const ES_NEWS = '(?:mensajes|sms|mensajes de texto|whatsapps)';
const FR_NEWS = '(?:messages|sms|textos|whatsapps)';

const LANGUAGES: Language[] = [
  {
    before: /^(?:(?:hi|hello|hey|please|pls|plz|ok|okay|sorry|thanks|thank you|no|just|guys|sir|madam|(?:can|could|would|will) you)(?: |$))+/,
    after: /(?: (?:please|pls|plz|thanks|thank you|thx|ok|okay|guys))+$/,
    asked: /^(?:(?:hi|hello|hey|please|ok) )*(?:can|could|would|will) you /,
    phrases: [
      `(?:do not|don't|dont|never)(?: ever)? (?:text|message|sms|whatsapp|write|write to) (?:me|us|this number)${EN_MORE}${EN_ALL}`,
      `(?:do not|don't|dont|never)(?: ever)? (?<contact>contact) (?:me|us)${EN_MORE}${EN_ALL}`,
      `(?:do not|don't|dont|never)(?: ever)? send (?:me |us )?(?:any )?(?:more )?${TEXTS}(?: to me| to this number)?${EN_MORE}${EN_ALL}`,
      `stop (?:texting|messaging|smsing|whatsapping|spamming|writing|writing to) (?:me|us|this number)(?: any ?more)?(?: now| immediately)?${EN_ALL}`,
      'stop (?<contact>contacting) (?:me|us)(?: any ?more)?(?: now| immediately)?',
      `stop sending (?:me |us )?(?:these |any |all |any more |more |your )?${TEXTS}(?: to me| to this number)?${EN_ALL}`,
      '(?:take|remove|delete|get) (?:me|my number|this number) (?:off|from|out of)(?: of)? (?:the|this|that|your)(?: (?:text|texting|sms|mailing|contact|messaging|marketing))? list',
      '(?:take|remove|delete|get) (?:me|my number|this number) (?:off|from|out of)(?: of)? (?<all>(?:all|any)(?: of)? your)(?: (?:text|texting|sms|mailing|contact|messaging|marketing))? lists?',
      'unsubscribe (?:me|this number)(?: from (?:this|your|the|these)(?: (?:list|texts|messages))?)?',
      'i (?:want to|would like to|\'d like to|wish to) (?:unsubscribe|opt out)',
      `i (?:do not|don't|dont) want (?:any more|any|to get|to receive|to get any more|to receive any more|to get any|to receive any|to receive more) ?(?:of your )?${TEXTS}(?: from you)?${EN_MORE}${EN_ALL}`,
      `i no longer want (?:to get |to receive )?(?:your |any )?${TEXTS}(?: from you)?${EN_ALL}`,
      `i (?:do not|don't|dont) want you to (?:text|message|write to|sms|whatsapp) me${EN_MORE}${EN_ALL}`,
    ].map(whole),
    confirmations: {
      address: 'Understood. You will get no more messages from us here. Write START to get them again.',
      person: 'Understood. You will get no more messages from us on any channel. Write START where you want them again.',
    },
  },
  {
    before: /^(?:(?:hallo|hi|guten tag|bitte|danke|nein|entschuldigung|ok|okay)(?: |$))+/,
    after: /(?: (?:bitte|danke|vielen dank|ok|okay))+$/,
    asked: /^(?:(?:hallo|bitte) )*(?:konnen|konnten|kannst|konntest) (?:sie|du|ihr) /,
    phrases: [
      '(?:schreib|schreibe|schreibt|schreiben sie|texten sie) (?:mir|uns)(?: bitte)?(?<all> uberhaupt| auf keinem weg)? (?:nicht|nie) (?:mehr|wieder)(?: bitte)?',
      '(?:kontaktier|kontaktiere|kontaktiert|kontaktieren sie) (?:mich|uns)(?: bitte)? (?<contact>nicht mehr|nie mehr|nie wieder)',
      `(?:schick|schicke|schickt|schicken sie|sende|sendet|senden sie) (?:mir|uns)(?: bitte)?(?<all> uberhaupt)? keine ${DE_NEWS} mehr`,
      `(?:hor|hore|hort|horen sie)(?: bitte)? auf (?:mir|uns)(?: ${DE_NEWS})? zu (?:schreiben|schicken|senden|texten)`,
      '(?:nimm|nehmt|nehmen sie|streich|streiche|streichen sie|entfernen sie|loschen sie) (?:mich|meine nummer|diese nummer)(?: bitte)? (?:von|aus) (?:ihrer|der|eurer|deiner|dieser) liste',
      `ich (?:mochte|will)(?: bitte)?(?<all> uberhaupt)? keine ${DE_NEWS} mehr(?: von (?:ihnen|euch|dir))?(?: bekommen| erhalten| haben)?`,
    ].map(whole),
    confirmations: {
      address: 'Verstanden. Sie bekommen hier keine Nachrichten mehr von uns. Mit START bekommen Sie sie wieder.',
      person: 'Verstanden. Sie bekommen auf keinem Weg mehr Nachrichten von uns. Schreiben Sie START, wo Sie sie wieder möchten.',
    },
  },
  {
    before: /^(?:(?:hola|por favor|gracias|no gracias|perdon|buenos dias|ok)(?: |$))+/,
    after: /(?: (?:por favor|gracias|ok))+$/,
    asked: /^(?:(?:hola|por favor) )*(?:puede|pueden|puedes|podria|podrian) /,
    phrases: [
      '(?:ya )?no me (?:escriba|escriban|escribas|manden mensajes|envien mensajes)(?: mas| nunca mas)(?<all> en absoluto| por ningun medio)?',
      'no me (?:contacte|contacten|contactes) (?<contact>mas|nunca mas)',
      `no me (?:envie|envien|envies|mande|manden|mandes) mas ${ES_NEWS}(?<all> en absoluto| por ningun medio)?`,
      `(?:deje|dejen|deja) de (?:escribirme|mandarme ${ES_NEWS}|enviarme ${ES_NEWS})`,
      `(?:ya )?no quiero (?:recibir )?mas ${ES_NEWS}(?: suyos| de ustedes)?(?<all> en absoluto| por ningun medio)?`,
      '(?:quiteme|quitenme|quitame|borreme|borrenme|borrame|saqueme|saquenme|sacame) de (?:su|la|esta|tu) lista',
    ].map(whole),
    confirmations: {
      address: 'Entendido. No recibirá más mensajes nuestros aquí. Escriba START para volver a recibirlos.',
      person: 'Entendido. No recibirá más mensajes nuestros por ningún medio. Escriba START donde los quiera de nuevo.',
    },
  },
  {
    before: /^(?:(?:bonjour|salut|svp|s'il vous plait|s'il te plait|merci|non merci|pardon|ok)(?: |$))+/,
    after: /(?: (?:svp|s'il vous plait|s'il te plait|merci|ok))+$/,
    asked: /^(?:(?:bonjour|svp) )*(?:pouvez|pourriez|peux|pourrais) (?:vous|tu) /,
    phrases: [
      "(?:ne )?m'(?:ecrivez|ecris) (?:plus|plus jamais)(?<all> du tout| par aucun moyen)?",
      '(?:ne )?me (?:contactez|contacte) (?<contact>plus|plus jamais)',
      `ne m'(?:envoyez|envoie) plus (?:de |aucun )${FR_NEWS}(?<all> du tout| par aucun moyen)?`,
      `(?:arretez|arrete|cessez) de m'(?:ecrire|envoyer (?:des|vos|tes|ces) ${FR_NEWS})`,
      `je ne veux plus (?:recevoir )?(?:de |vos |aucun )${FR_NEWS}(?: de votre part)?(?<all> du tout| par aucun moyen)?`,
      '(?:retirez|enlevez|supprimez|retire|enleve|supprime) moi de (?:votre|la|cette|ta) liste',
      'desinscrivez moi(?: de (?:votre|la|cette) liste)?',
    ].map(whole),
    confirmations: {
      address: 'Compris. Vous ne recevrez plus de messages de notre part ici. Écrivez START pour en recevoir à nouveau.',
      person: 'Compris. Vous ne recevrez plus de messages de notre part, par aucun moyen. Écrivez START là où vous en voulez à nouveau.',
    },
  },
];

/** Where people are written to at our own time. In a chat they sit in front of the page that they opened. */
const CHANNELS: ReadonlySet<string> = new Set(['sms', 'whatsapp', 'rcs', 'email']);

/**
 * Whether a message says in plain words, and says nothing else, that the person wants no more messages. Conservative: one
 * sentence that is neither this nor politeness, and it is the assistant that has to understand it.
 *
 * @param isKnown whether it is sure who writes; anybody else speaks for the address alone, for nobody silences a person by forging a mail of theirs
 */
export function withdrawalIn({ channel, body }: { channel: string; body: string }, isKnown: boolean): Withdrawal | null {
  if (!CHANNELS.has(channel) || body.length > LONGEST) return null;
  // A comma may part two sentences, or stand within one ("Hören Sie auf, mir zu schreiben").
  for (const sentences of [sentencesOf(body.replaceAll(',', '.')), sentencesOf(body)]) {
    for (const language of LANGUAGES) {
      const wanted = extentIn(sentences, language);
      const extent = wanted && (isKnown ? wanted : 'address');
      if (extent) return { extent, confirmation: language.confirmations[extent] };
    }
  }
  return null;
}

function extentIn(sentences: readonly string[], language: Language): Extent | null {
  let extent: Extent | null = null;
  for (const sentence of sentences) {
    if (sentence.endsWith('?') && !language.asked?.test(sentence)) return null;
    const core = sentence.replace(/ ?\?$/, '').replace(language.before, '').replace(language.after, '').trim();
    if (core === '' || isPoliteness(core, language)) continue;
    const found = language.phrases.map((phrase) => phrase.exec(core)).find((match) => match !== null);
    if (!found) return null;
    if (extent !== 'person') extent = found.groups?.['all'] || found.groups?.['contact'] ? 'person' : 'address';
  }
  return extent;
}

const isPoliteness = (core: string, { before, after }: Language): boolean => before.test(core) && core.replace(before, '') === '' || after.test(` ${core}`) && ` ${core}`.replace(after, '') === '';

/** Lower case, without accents, emoji and quotation marks; each with its question mark, if it had one. */
function sentencesOf(body: string): string[] {
  return body
    .normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').replace(/[’‘`´]/g, "'")
    .split(/(?<=\?)|[.!;\n¡¿…]+/u)
    .map((part) => part.replace(/[^\p{L}\p{N}'? ]+/gu, ' ').replace(/\s+/g, ' ').replace(/ \?/g, '?').trim())
    .filter((part) => part !== '' && part !== '?');
}

function whole(phrase: string): RegExp {
  return new RegExp(`^${phrase}$`, 'u');
}
