import { inLanguage } from '@throughline/kernel/words.js';

/** What the house says on the phone around a specialist, in whichever of its languages the tenant speaks. */
export interface Lines {
  /** To the caller, again and again. */
  waiting: string;
  /** To a caller who was with the assistant until now. */
  found: string;
  /** To the specialist: what to press comes first, so that nobody has to listen to the end. */
  screening: (business: string, caller: string) => string;
  because: (reason: string) => string;
  unknownCaller: string;
  accepted: string;
  declined: string;
  taken: string;
  notHeard: string;
}

const LINES: Record<string, Lines> = {
  en: {
    waiting: 'Please stay on the line. We are finding somebody for you.',
    found: 'Somebody is there for you now. One moment.',
    screening: (business, caller) => `Press 1 to take a call for ${business}, or 2 to decline. The caller is ${caller}.`,
    because: (reason) => `It is about this: ${reason}`, unknownCaller: 'somebody whose number is not confirmed', accepted: 'Thank you. You are being connected.',
    declined: 'All right. Goodbye.', taken: 'Thank you. This call is already taken care of. Goodbye.', notHeard: 'No key was pressed. Goodbye.',
  },
  de: {
    waiting: 'Bitte bleiben Sie in der Leitung. Wir suchen jemanden für Sie.',
    found: 'Jetzt ist jemand für Sie da. Einen Moment.',
    screening: (business, caller) => `Drücken Sie die 1, um einen Anruf für ${business} anzunehmen, oder die 2, um abzulehnen. Es ruft an: ${caller}.`,
    because: (reason) => `Es geht um Folgendes: ${reason}`, unknownCaller: 'jemand, dessen Nummer nicht bestätigt ist', accepted: 'Danke. Sie werden verbunden.',
    declined: 'In Ordnung. Auf Wiederhören.', taken: 'Danke, um diesen Anruf kümmert sich schon jemand. Auf Wiederhören.', notHeard: 'Es wurde keine Taste gedrückt. Auf Wiederhören.',
  },
  es: {
    waiting: 'Por favor, siga en línea. Estamos buscando a alguien para usted.',
    found: 'Ya hay alguien para usted. Un momento.',
    screening: (business, caller) => `Pulse 1 para aceptar una llamada para ${business}, o 2 para rechazarla. Llama ${caller}.`,
    because: (reason) => `Se trata de lo siguiente: ${reason}`, unknownCaller: 'alguien cuyo número no está confirmado', accepted: 'Gracias. Le conectamos.',
    declined: 'De acuerdo. Adiós.', taken: 'Gracias, alguien ya se ocupa de esta llamada. Adiós.', notHeard: 'No se ha pulsado ninguna tecla. Adiós.',
  },
  fr: {
    waiting: 'Veuillez rester en ligne. Nous cherchons quelqu’un pour vous.',
    found: 'Quelqu’un est là pour vous. Un instant.',
    screening: (business, caller) => `Appuyez sur 1 pour prendre un appel pour ${business}, ou sur 2 pour refuser. Appel de ${caller}.`,
    because: (reason) => `Il s’agit de ceci : ${reason}`, unknownCaller: 'quelqu’un dont le numéro n’est pas confirmé', accepted: 'Merci. Vous êtes mis en relation.',
    declined: 'Très bien. Au revoir.', taken: 'Merci, quelqu’un s’occupe déjà de cet appel. Au revoir.', notHeard: 'Aucune touche n’a été pressée. Au revoir.',
  },
};

/** @param language `de-AT` speaks as `de` does; a language that the house has no lines in as `en` */
export const linesIn = (language: string): Lines => inLanguage(LINES, language);
