/** What the house itself says on the phone, in whichever of its languages the call is. */
export interface Lines {
  greeting: (assistant: string, business: string) => string;
  filler: string;
  stillLooking: string;
  stillThere: string;
  goodbye: string;
  back: string;
  sorry: string;
  takenOver: string;
  voicemail: string;
  thanks: string;
  repeat: string;
  /** No specialist could be reached. */
  nobodyFree: string;
  specialistLeft: string;
  /** To a caller with whom the assistant stays while somebody is called for them. */
  stillTrying: string;
  /** To a caller whose case somebody has taken. */
  isComing: string;
}

const LINES: Record<string, Lines> = {
  en: {
    greeting: (assistant, business) => `Hello, this is ${assistant} at ${business}. How can I help you?`,
    filler: 'One moment, please.', stillLooking: 'I am still looking.', stillThere: 'Are you still there?', goodbye: 'I cannot hear you any more. Goodbye.',
    back: 'Sorry, we were cut off for a moment.', sorry: 'Sorry, I cannot answer right now.', takenOver: 'A colleague is looking after this and will get back to you.',
    voicemail: 'Please leave a message after the tone. Press the hash key when you have finished.', thanks: 'Thank you. We will get back to you. Goodbye.',
    repeat: 'Sorry, I did not understand. Please say that again.',
    nobodyFree: 'I am sorry, nobody can take your call right now. May I take a message, so that somebody calls you back?', specialistLeft: 'My colleague has left the call. Is there anything else I can do for you?',
    stillTrying: 'I am still trying to reach somebody for you.', isComing: 'A colleague knows and will be with you. You may stay on the line, or hang up and be called back.',
  },
  de: {
    greeting: (assistant, business) => `Guten Tag, hier ist ${assistant} von ${business}. Wie kann ich Ihnen helfen?`,
    filler: 'Einen Moment, bitte.', stillLooking: 'Ich schaue noch nach.', stillThere: 'Sind Sie noch da?', goodbye: 'Ich höre Sie nicht mehr. Auf Wiederhören.',
    back: 'Entschuldigung, wir waren kurz getrennt.', sorry: 'Entschuldigung, ich kann gerade nicht antworten.', takenOver: 'Ein Kollege kümmert sich darum und meldet sich bei Ihnen.',
    voicemail: 'Bitte hinterlassen Sie nach dem Ton eine Nachricht. Drücken Sie danach die Rautetaste.', thanks: 'Vielen Dank. Wir melden uns bei Ihnen. Auf Wiederhören.',
    repeat: 'Entschuldigung, das habe ich nicht verstanden. Bitte sagen Sie es noch einmal.',
    nobodyFree: 'Es tut mir leid, gerade kann niemand Ihren Anruf annehmen. Darf ich eine Nachricht aufnehmen, damit Sie jemand zurückruft?', specialistLeft: 'Das Gespräch ist beendet. Kann ich noch etwas für Sie tun?',
    stillTrying: 'Ich versuche weiter, jemanden für Sie zu erreichen.', isComing: 'Ein Kollege weiß Bescheid und meldet sich. Sie können in der Leitung bleiben oder auflegen und werden zurückgerufen.',
  },
  es: {
    greeting: (assistant, business) => `Hola, le atiende ${assistant} de ${business}. ¿En qué puedo ayudarle?`,
    filler: 'Un momento, por favor.', stillLooking: 'Sigo buscando.', stillThere: '¿Sigue ahí?', goodbye: 'Ya no le oigo. Adiós.',
    back: 'Perdone, se ha cortado un momento.', sorry: 'Lo siento, ahora mismo no puedo responder.', takenOver: 'Un compañero se ocupa de esto y le contactará.',
    voicemail: 'Deje un mensaje después de la señal. Pulse la almohadilla cuando haya terminado.', thanks: 'Gracias. Le contactaremos. Adiós.',
    repeat: 'Perdone, no le he entendido. Repítalo, por favor.',
    nobodyFree: 'Lo siento, ahora mismo nadie puede atender su llamada. ¿Quiere dejarme un mensaje para que le llamen?', specialistLeft: 'La conversación ha terminado. ¿Puedo hacer algo más por usted?',
    stillTrying: 'Sigo intentando localizar a alguien para usted.', isComing: 'Un compañero ya lo sabe y le atenderá. Puede seguir en línea, o colgar y le llamaremos.',
  },
  fr: {
    greeting: (assistant, business) => `Bonjour, ici ${assistant} de ${business}. Comment puis-je vous aider ?`,
    filler: 'Un instant, s’il vous plaît.', stillLooking: 'Je cherche encore.', stillThere: 'Êtes-vous toujours là ?', goodbye: 'Je ne vous entends plus. Au revoir.',
    back: 'Pardon, nous avons été coupés un instant.', sorry: 'Désolé, je ne peux pas répondre pour le moment.', takenOver: 'Un collègue s’en occupe et vous recontactera.',
    voicemail: 'Laissez un message après le signal sonore. Appuyez sur dièse quand vous avez terminé.', thanks: 'Merci. Nous vous recontacterons. Au revoir.',
    repeat: 'Pardon, je n’ai pas compris. Pouvez-vous répéter ?',
    nobodyFree: 'Désolé, personne ne peut prendre votre appel pour le moment. Puis-je prendre un message pour que l’on vous rappelle ?', specialistLeft: 'La conversation est terminée. Puis-je encore faire quelque chose pour vous ?',
    stillTrying: 'J’essaie toujours de joindre quelqu’un pour vous.', isComing: 'Un collègue est au courant et vous recontacte. Vous pouvez rester en ligne, ou raccrocher et être rappelé.',
  },
};

/** `de` for `de-AT`. */
export const primary = (language: string): string => language.split('-')[0]!.toLowerCase();

/** @param language `de-AT` speaks as `de` does; a language that the house has no lines in as `en` */
export const linesIn = (language: string): Lines => LINES[primary(language)] ?? LINES['en']!;
