import { inLanguage } from '@throughline/kernel/words.js';

/** What is said on the phone to whoever has an incident, and to the person whom they are connected with. */
export interface MeetingLines {
  /** To whoever picks up: what to press comes early, and again at the end. */
  ask: (business: string, key: string) => string;
  notHeard: string;
  /** To the taker, while the person is called, or fetched. */
  calling: string;
  fetching: string;
  unproved: string;
  /** Over whatever goes on. */
  machine: string;
  noAnswer: (key: string) => string;
  wasMachine: (key: string) => string;
  over: string;
  /** To the person. */
  greeting: (business: string, taker: string) => string;
  here: (taker: string) => string;
  coming: (taker: string) => string;
  thanks: string;
  lost: string;
}

const LINES: Record<string, MeetingLines> = {
  en: {
    ask: (business, key) => `This is ${business}, about the case that you have taken. Press ${key} to be connected now. I repeat: press ${key}.`, notHeard: 'No key was pressed. Goodbye.',
    calling: 'One moment. We are calling them.', fetching: 'They are on the phone with us. One moment.', unproved: 'Their number is not confirmed.',
    machine: 'This may be voicemail. Press star to leave it.',
    noAnswer: (key) => `They did not answer. Press ${key} to try again.`, wasMachine: (key) => `It was voicemail. Press ${key} to try again.`, over: 'The call is over. Goodbye.',
    greeting: (business, taker) => `This is ${business}, calling you back. ${taker} is here for you.`, here: (taker) => `${taker} is here for you now.`, coming: (taker) => `One moment, ${taker} is on the way.`, thanks: 'The call is over. Goodbye.',
    lost: 'Sorry, we were cut off. You will be called again.',
  },
  de: {
    ask: (business, key) => `Hier ist ${business}, zu dem Fall, den Sie übernommen haben. Drücken Sie die ${key}, um jetzt verbunden zu werden. Ich wiederhole: die ${key}.`,
    notHeard: 'Es wurde keine Taste gedrückt. Auf Wiederhören.', calling: 'Einen Moment. Wir rufen dort an.', fetching: 'Die Person ist bei uns in der Leitung. Einen Moment.',
    unproved: 'Die Nummer ist nicht bestätigt.', machine: 'Das ist vielleicht ein Anrufbeantworter. Mit der Sterntaste verlassen Sie ihn.',
    noAnswer: (key) => `Es hat niemand abgehoben. Drücken Sie die ${key} für einen neuen Versuch.`, wasMachine: (key) => `Es war ein Anrufbeantworter. Drücken Sie die ${key} für einen neuen Versuch.`,
    over: 'Das Gespräch ist beendet. Auf Wiederhören.', greeting: (business, taker) => `Hier ist ${business}, wir rufen Sie zurück. ${taker} ist für Sie da.`,
    here: (taker) => `${taker} ist jetzt für Sie da.`, coming: (taker) => `Einen Moment, ${taker} ist gleich da.`, thanks: 'Das Gespräch ist beendet. Auf Wiederhören.', lost: 'Entschuldigung, wir wurden getrennt. Sie werden noch einmal angerufen.',
  },
  es: {
    ask: (business, key) => `Le llama ${business}, por el caso del que se ha hecho cargo. Pulse ${key} para hablar ahora. Repito: pulse ${key}.`, notHeard: 'No se ha pulsado ninguna tecla. Adiós.',
    calling: 'Un momento. Estamos llamando.', fetching: 'La persona está al teléfono con nosotros. Un momento.', unproved: 'Su número no está confirmado.',
    machine: 'Puede ser un contestador. Pulse asterisco para salir.', noAnswer: (key) => `No han contestado. Pulse ${key} para volver a intentarlo.`,
    wasMachine: (key) => `Era un contestador. Pulse ${key} para volver a intentarlo.`, over: 'La llamada ha terminado. Adiós.',
    greeting: (business, taker) => `Le devolvemos la llamada desde ${business}. ${taker} está aquí para usted.`, here: (taker) => `${taker} ya está aquí para usted.`, coming: (taker) => `Un momento, ${taker} viene enseguida.`, thanks: 'La llamada ha terminado. Adiós.',
    lost: 'Perdone, se ha cortado. Le llamaremos otra vez.',
  },
  fr: {
    ask: (business, key) => `Ici ${business}, pour le cas que vous avez pris en charge. Appuyez sur ${key} pour être mis en relation. Je répète : appuyez sur ${key}.`,
    notHeard: 'Aucune touche n’a été pressée. Au revoir.', calling: 'Un instant. Nous appelons.', fetching: 'La personne est en ligne avec nous. Un instant.', unproved: 'Son numéro n’est pas confirmé.',
    machine: 'C’est peut-être un répondeur. Appuyez sur étoile pour le quitter.', noAnswer: (key) => `Personne n’a répondu. Appuyez sur ${key} pour réessayer.`,
    wasMachine: (key) => `C’était un répondeur. Appuyez sur ${key} pour réessayer.`, over: 'L’appel est terminé. Au revoir.',
    greeting: (business, taker) => `Ici ${business}, nous vous rappelons. ${taker} est là pour vous.`, here: (taker) => `${taker} est là pour vous maintenant.`, coming: (taker) => `Un instant, ${taker} arrive.`, thanks: 'L’appel est terminé. Au revoir.',
    lost: 'Pardon, nous avons été coupés. Vous serez rappelé.',
  },
};

/** @param language `de-AT` speaks as `de` does; a language that the house has no lines in as `en` */
export const meetingLinesIn = (language: string): MeetingLines => inLanguage(LINES, language);
