import { inLanguage } from '@throughline/kernel/words.js';
import type { Attempt, Carried, Incident } from '../escalation/escalation.types.js';

interface Lines {
  drill: string;
  urgent: string;
  urgency: (urgency: number) => string;
  source: (source: string) => string;
  callBack: (number: string) => string;
  take: (code: string, link: string) => string;
  /** Where a reply with the code would take nothing. */
  open: (code: string, link: string) => string;
  /** Where the code may not be said, it is null. */
  has: (name: string, code: string | null) => string;
  yours: (code: string | null) => string;
  /** With the word that RepliesService knows. */
  connect: (code: string) => string;
  calledOff: (code: string | null) => string;
  help: (code: string | null) => string;
  /** Of a mail: a reply whose author nobody vouches for takes nothing, the link does. */
  helpByLink: (code: string) => string;
  /** Of a mail. */
  subject: string;
}

const LINES: Record<string, Lines> = {
  en: {
    drill: 'DRILL.', urgent: 'urgent case.', urgency: (urgency) => `Urgency ${urgency} of 5.`, source: (source) => `Reported by ${source}.`, callBack: (number) => `Call back ${number}.`, take: (code, link) => `Code ${code}: reply with it to take this, or open ${link}`, open: (code, link) => `Code ${code}. To take this, open ${link}`,
    has: (name, code) => `${name} has taken ${code ?? 'it'}. Nothing more to do.`, yours: (code) => `You have ${code ?? 'it'}. The others are told.`, calledOff: (code) => `${code ?? 'It'} was called off.`,
    help: (code) => (code ? `Nobody has taken ${code} yet. To take it, reply with ${code} and nothing before it.` : 'Nobody has taken it yet. It is taken on the phone.'),
    helpByLink: (code) => `Nobody has taken ${code} yet. To take it, open the link in our mail about it.`,
    subject: 'Urgent case', connect: (code) => `To be called and connected now, reply CALL ${code}.`,
  },
  de: {
    drill: 'ÜBUNG.', urgent: 'dringender Fall.', urgency: (urgency) => `Dringlichkeit ${urgency} von 5.`, source: (source) => `Gemeldet von ${source}.`, callBack: (number) => `Rückruf: ${number}.`, take: (code, link) => `Code ${code}: damit antworten, um zu übernehmen, oder ${link} öffnen`, open: (code, link) => `Code ${code}. Zum Übernehmen hier öffnen: ${link}`,
    has: (name, code) => `${name} hat ${code ?? 'den Fall'} übernommen. Nichts weiter zu tun.`, yours: (code) => `Sie haben ${code ?? 'den Fall'} übernommen. Die anderen wissen es.`, calledOff: (code) => `${code ?? 'Der Fall'} wurde abgesagt.`,
    help: (code) => (code ? `Noch hat niemand ${code} übernommen. Zum Übernehmen mit ${code} antworten, nichts davor.` : 'Noch hat niemand den Fall übernommen. Übernommen wird er am Telefon.'),
    helpByLink: (code) => `Noch hat niemand ${code} übernommen. Zum Übernehmen den Link in unserer Mail dazu öffnen.`,
    subject: 'Dringender Fall', connect: (code) => `Um jetzt angerufen und verbunden zu werden, mit ANRUF ${code} antworten.`,
  },
  es: {
    drill: 'SIMULACRO.', urgent: 'caso urgente.', urgency: (urgency) => `Urgencia ${urgency} de 5.`, source: (source) => `Informa ${source}.`, callBack: (number) => `Devuelva la llamada: ${number}.`, take: (code, link) => `Código ${code}: responda con él para hacerse cargo, o abra ${link}`, open: (code, link) => `Código ${code}. Para hacerse cargo, abra ${link}`,
    has: (name, code) => `${name} se ha hecho cargo de ${code ?? 'este caso'}. Nada más que hacer.`, yours: (code) => `Usted tiene ${code ?? 'este caso'}. Los demás ya lo saben.`, calledOff: (code) => `${code ?? 'El caso'} se ha anulado.`,
    help: (code) => (code ? `Nadie se ha hecho cargo de ${code}. Para hacerlo, responda con ${code} y nada delante.` : 'Nadie se ha hecho cargo de este caso. Se hace por teléfono.'),
    helpByLink: (code) => `Nadie se ha hecho cargo de ${code}. Para hacerlo, abra el enlace de nuestro correo.`,
    subject: 'Caso urgente', connect: (code) => `Para que le llamemos y le pongamos en contacto, responda LLAMAR ${code}.`,
  },
  fr: {
    drill: 'EXERCICE.', urgent: 'cas urgent.', urgency: (urgency) => `Urgence ${urgency} sur 5.`, source: (source) => `Signalé par ${source}.`, callBack: (number) => `Rappeler ${number}.`, take: (code, link) => `Code ${code} : répondez avec ce code pour prendre en charge, ou ouvrez ${link}`, open: (code, link) => `Code ${code}. Pour prendre en charge, ouvrez ${link}`,
    has: (name, code) => `${name} a pris ${code ?? 'ce cas'} en charge. Plus rien à faire.`, yours: (code) => `Vous avez ${code ?? 'ce cas'}. Les autres le savent.`, calledOff: (code) => `${code ?? 'Le cas'} a été annulé.`,
    help: (code) => (code ? `Personne n’a encore pris ${code}. Pour le prendre, répondez ${code}, sans rien devant.` : 'Personne n’a encore pris ce cas. On le prend au téléphone.'),
    helpByLink: (code) => `Personne n’a encore pris ${code}. Pour le prendre, ouvrez le lien de notre e-mail.`,
    subject: 'Cas urgent', connect: (code) => `Pour être appelé et mis en relation, répondez APPEL ${code}.`,
  },
};

export interface Told {
  business: string;
  /** `de-AT` is told as `de` is; a language that the house has no lines in as `en`. */
  language: string;
  link: string;
  /** Whether a reply with the code can take it. */
  isReplyHeard: boolean;
}

const linesIn = (language: string): Lines => inLanguage(LINES, language);

/** The words of a text about an incident. Nothing else of it is in them than what it may carry. */
export function textOf({ says, channel }: Pick<Attempt, 'says' | 'channel'>, { isDrill, state, acknowledgedBy }: Incident, carried: Carried, { business, language, link, isReplyHeard }: Told): string {
  const lines = linesIn(language);
  const { code, callback } = carried;
  const calling = callback ? [lines.callBack(callback)] : [];
  const about = says === 'alert' ? [lines.urgent, ...why(lines, carried), ...calling, ...(code ? [isReplyHeard ? lines.take(code, link) : lines.open(code, link)] : [])]
    : says === 'help' ? [code && channel === 'email' ? lines.helpByLink(code) : lines.help(code)]
      : says === 'yours' ? [lines.yours(code), ...calling, ...(callback && code && isReplyHeard ? [lines.connect(code)] : [])]
        : [state === 'cancelled' ? lines.calledOff(code) : lines.has(acknowledgedBy ?? '', code)];
  return [...(isDrill ? [lines.drill] : []), `${business}:`, ...about].join(' ');
}

const why = (lines: Lines, { urgency, name, reason, source }: Carried): string[] =>
  [...(urgency ? [lines.urgency(urgency)] : []), ...(name ? [`${name}.`] : []), ...(reason ? [`“${reason}”.`] : []), ...(source ? [lines.source(source)] : [])];

/** What a mail about an incident is headed. A locked phone shows it, so there is nothing in it but the code, where that may be said. */
export const subjectOf = ({ isDrill }: Incident, { code }: Carried, { business, language }: Told): string => {
  const lines = linesIn(language);
  return [...(isDrill ? [lines.drill] : []), `${business}:`, lines.subject, ...(code ? [code] : [])].join(' ');
};
