import { inLanguage } from '@throughline/kernel/words.js';
import type { AttemptState } from '../escalation/escalation.types.js';

/** What is shown behind the link, after the PIN. */
export interface DetailsLines {
  language: string;
  title: string;
  link: string;
  back: string;
  pin: string;
  whyPin: string;
  open: string;
  wrong: string;
  closed: string;
  noPin: string;
  customer: string;
  unknown: string;
  callBack: string;
  urgency: string;
  why: string;
  said: string;
  nothingSaid: string;
  done: string;
  assistant: string;
  file: string;
  takenBy: (name: string) => string;
  channels: Record<string, string>;
  states: Record<AttemptState, string>;
}

const LINES: Record<string, DetailsLines> = {
  en: {
    language: 'en', title: 'Details', link: 'Details', back: 'Back', pin: 'Your PIN', whyPin: 'What this is about is for you alone. Each look at it is noted.', open: 'Open',
    wrong: 'That is not your PIN.', closed: 'Too many wrong PINs. None is taken for an hour.', noPin: 'You have no PIN yet. Whoever looks after the on-call team can set one.',
    customer: 'Customer', unknown: 'not known', callBack: 'Call back', urgency: 'Urgency', why: 'Why', said: 'What was said', nothingSaid: 'Nothing is kept of it.', done: 'What was done',
    assistant: 'Assistant', file: 'a file', takenBy: (name) => `${name} has taken it`, channels: { voice: 'call', sms: 'text', whatsapp: 'WhatsApp', email: 'e-mail' },
    states: {
      pending: 'is on its way', sent: 'sent', delivered: 'delivered', ringing: 'rings', answered: 'answered', voicemail: 'voicemail', acknowledged: 'taken', no_key: 'no key pressed', no_answer: 'no answer',
      busy: 'busy', failed: 'failed', cancelled: 'called off',
    },
  },
  de: {
    language: 'de', title: 'Einzelheiten', link: 'Einzelheiten', back: 'Zurück', pin: 'Ihre PIN', whyPin: 'Worum es geht, ist nur für Sie. Jeder Blick darauf wird vermerkt.', open: 'Öffnen',
    wrong: 'Das ist nicht Ihre PIN.', closed: 'Zu viele falsche PINs. Eine Stunde lang gilt keine.', noPin: 'Sie haben noch keine PIN. Wer die Bereitschaft betreut, kann eine setzen.',
    customer: 'Kunde', unknown: 'nicht bekannt', callBack: 'Rückruf', urgency: 'Dringlichkeit', why: 'Warum', said: 'Was gesagt wurde', nothingSaid: 'Davon ist nichts aufbewahrt.', done: 'Was getan wurde',
    assistant: 'Assistent', file: 'eine Datei', takenBy: (name) => `${name} hat übernommen`, channels: { voice: 'Anruf', sms: 'SMS', whatsapp: 'WhatsApp', email: 'E-Mail' },
    states: {
      pending: 'unterwegs', sent: 'gesendet', delivered: 'zugestellt', ringing: 'klingelt', answered: 'angenommen', voicemail: 'Mailbox', acknowledged: 'übernommen', no_key: 'keine Taste gedrückt', no_answer: 'keine Antwort',
      busy: 'besetzt', failed: 'fehlgeschlagen', cancelled: 'abgebrochen',
    },
  },
  es: {
    language: 'es', title: 'Detalles', link: 'Detalles', back: 'Volver', pin: 'Su PIN', whyPin: 'De qué se trata es solo para usted. Cada consulta queda anotada.', open: 'Abrir',
    wrong: 'Ese no es su PIN.', closed: 'Demasiados PIN erróneos. Durante una hora no se acepta ninguno.', noPin: 'Todavía no tiene PIN. Quien se ocupa de las guardias puede ponerle uno.',
    customer: 'Cliente', unknown: 'no se sabe', callBack: 'Devuelva la llamada', urgency: 'Urgencia', why: 'Por qué', said: 'Lo que se ha dicho', nothingSaid: 'No se guarda nada de ello.', done: 'Lo que se ha hecho',
    assistant: 'Asistente', file: 'un archivo', takenBy: (name) => `${name} se ha hecho cargo`, channels: { voice: 'llamada', sms: 'SMS', whatsapp: 'WhatsApp', email: 'correo' },
    states: {
      pending: 'en camino', sent: 'enviado', delivered: 'entregado', ringing: 'suena', answered: 'atendida', voicemail: 'buzón de voz', acknowledged: 'asumido', no_key: 'ninguna tecla', no_answer: 'sin respuesta',
      busy: 'comunica', failed: 'fallido', cancelled: 'anulado',
    },
  },
  fr: {
    language: 'fr', title: 'Détails', link: 'Détails', back: 'Retour', pin: 'Votre PIN', whyPin: 'Ce dont il s’agit est pour vous seul. Chaque consultation est notée.', open: 'Ouvrir',
    wrong: 'Ce n’est pas votre PIN.', closed: 'Trop de PIN erronés. Aucun n’est accepté pendant une heure.', noPin: 'Vous n’avez pas encore de PIN. Le responsable des astreintes peut en définir un.',
    customer: 'Client', unknown: 'inconnu', callBack: 'Rappeler', urgency: 'Urgence', why: 'Pourquoi', said: 'Ce qui a été dit', nothingSaid: 'Rien n’en est conservé.', done: 'Ce qui a été fait',
    assistant: 'Assistant', file: 'un fichier', takenBy: (name) => `${name} s’en occupe`, channels: { voice: 'appel', sms: 'SMS', whatsapp: 'WhatsApp', email: 'e-mail' },
    states: {
      pending: 'en route', sent: 'envoyé', delivered: 'remis', ringing: 'sonne', answered: 'décroché', voicemail: 'messagerie', acknowledged: 'pris en charge', no_key: 'aucune touche', no_answer: 'pas de réponse',
      busy: 'occupé', failed: 'échoué', cancelled: 'annulé',
    },
  },
};

/** @param language `de-AT` reads as `de` does; a language that the house has no lines in as `en` */
export const detailsLinesIn = (language: string): DetailsLines => inLanguage(LINES, language);
