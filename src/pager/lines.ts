import { inLanguage } from '@throughline/kernel/words.js';

/** What is said and shown to somebody who is told of an incident. */
export interface Lines {
  language: string;
  drill: string;
  /** What to press comes early, and again at the end. */
  alert: (business: string, key: string) => string;
  urgency: (urgency: number) => string;
  source: (source: string) => string;
  callBack: string;
  code: (code: string) => string;
  yours: string;
  has: (name: string) => string;
  calledOff: string;
  notHeard: string;
  /** To whoever has it. */
  connect: (key: string) => string;
  goodbye: string;
  /** Of the page. */
  title: string;
  open: string;
  take: string;
  gone: string;
  callMe: string;
  rings: string;
  cannot: string;
}

const LINES: Record<string, Lines> = {
  en: {
    language: 'en', drill: 'This is a drill.', alert: (business, key) => `Urgent case at ${business}. Press ${key} to take it. I repeat: press ${key}.`,
    urgency: (urgency) => `Urgency ${urgency} of 5.`, source: (source) => `Reported by ${source}.`, callBack: 'Call back', code: (code) => `Code ${code}.`, yours: 'You have it. The others are told.', has: (name) => `${name} has it. Nothing more to do.`,
    calledOff: 'It was called off. Nothing more to do.', notHeard: 'Nobody has taken it yet. Goodbye.', connect: (key) => `Press ${key} to be connected with the person now.`, goodbye: 'Goodbye.',
    callMe: 'Call me and connect me', rings: 'Your phone rings in a moment.', cannot: 'They cannot be reached that way. Please use your own phone.', title: 'Urgent case', open: 'Nobody has taken it yet.', take: 'I take it',
    gone: 'This link is not valid any more.',
  },
  de: {
    language: 'de', drill: 'Dies ist eine Übung.', alert: (business, key) => `Dringender Fall bei ${business}. Drücken Sie die ${key}, um zu übernehmen. Ich wiederhole: die ${key}.`,
    urgency: (urgency) => `Dringlichkeit ${urgency} von 5.`, source: (source) => `Gemeldet von ${source}.`, callBack: 'Rückruf', code: (code) => `Code ${code}.`, yours: 'Sie haben übernommen. Die anderen wissen es.', has: (name) => `${name} hat übernommen. Nichts weiter zu tun.`,
    calledOff: 'Der Fall wurde abgesagt. Nichts weiter zu tun.', notHeard: 'Noch hat niemand übernommen. Auf Wiederhören.', connect: (key) => `Drücken Sie die ${key}, um jetzt mit der Person verbunden zu werden.`, goodbye: 'Auf Wiederhören.',
    callMe: 'Mich anrufen und verbinden', rings: 'Ihr Telefon klingelt gleich.', cannot: 'So geht es nicht. Bitte rufen Sie mit Ihrem eigenen Telefon zurück.', title: 'Dringender Fall', open: 'Noch hat niemand übernommen.', take: 'Ich übernehme',
    gone: 'Dieser Link gilt nicht mehr.',
  },
  es: {
    language: 'es', drill: 'Esto es un simulacro.', alert: (business, key) => `Caso urgente en ${business}. Pulse ${key} para hacerse cargo. Repito: pulse ${key}.`,
    urgency: (urgency) => `Urgencia ${urgency} de 5.`, source: (source) => `Informa ${source}.`, callBack: 'Devuelva la llamada', code: (code) => `Código ${code}.`, yours: 'Usted se hace cargo. Los demás ya lo saben.', has: (name) => `${name} se ha hecho cargo. Nada más que hacer.`,
    calledOff: 'Se ha anulado. Nada más que hacer.', notHeard: 'Nadie se ha hecho cargo todavía. Adiós.', connect: (key) => `Pulse ${key} para hablar ahora con la persona.`, goodbye: 'Adiós.',
    callMe: 'Llamarme y ponerme en contacto', rings: 'Su teléfono sonará enseguida.', cannot: 'Así no es posible. Llame desde su propio teléfono.', title: 'Caso urgente', open: 'Nadie se ha hecho cargo todavía.', take: 'Me hago cargo',
    gone: 'Este enlace ya no es válido.',
  },
  fr: {
    language: 'fr', drill: 'Ceci est un exercice.', alert: (business, key) => `Cas urgent pour ${business}. Appuyez sur ${key} pour le prendre en charge. Je répète : appuyez sur ${key}.`,
    urgency: (urgency) => `Urgence ${urgency} sur 5.`, source: (source) => `Signalé par ${source}.`, callBack: 'Rappeler', code: (code) => `Code ${code}.`, yours: 'Vous l’avez. Les autres le savent.', has: (name) => `${name} s’en occupe. Plus rien à faire.`,
    calledOff: 'Le cas a été annulé. Plus rien à faire.', notHeard: 'Personne ne s’en occupe encore. Au revoir.', connect: (key) => `Appuyez sur ${key} pour être mis en relation maintenant.`, goodbye: 'Au revoir.',
    callMe: 'M’appeler et me mettre en relation', rings: 'Votre téléphone va sonner.', cannot: 'Ce n’est pas possible ainsi. Appelez depuis votre propre téléphone.', title: 'Cas urgent', open: 'Personne ne s’en occupe encore.', take: 'Je m’en occupe',
    gone: 'Ce lien n’est plus valable.',
  },
};

/** @param language `de-AT` speaks as `de` does; a language that the house has no lines in as `en` */
export const linesIn = (language: string): Lines => inLanguage(LINES, language);
