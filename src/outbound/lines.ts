import { inLanguage } from '@throughline/kernel/words.js';

/** What the person hears first when they pick up. */
const OPENING: Record<string, (assistant: string, business: string, purpose: string) => string> = {
  en: (assistant, business, purpose) => `Hello, this is ${assistant}, the automated assistant of ${business}. I am calling about ${purpose}`,
  de: (assistant, business, purpose) => `Guten Tag, hier ist ${assistant}, der automatische Assistent von ${business}. Ich rufe an wegen: ${purpose}`,
  es: (assistant, business, purpose) => `Hola, soy ${assistant}, el asistente automático de ${business}. Llamo por lo siguiente: ${purpose}`,
  fr: (assistant, business, purpose) => `Bonjour, ici ${assistant}, l’assistant automatique de ${business}. J’appelle au sujet de : ${purpose}`,
};

/** @param language `de-AT` speaks as `de` does; a language that the house has no lines in as `en` */
export function openingIn(language: string, { assistant, business, purpose }: { assistant: string; business: string; purpose: string }): string {
  const opening = inLanguage(OPENING, language);
  return opening(assistant, business, /[.!?]$/.test(purpose) ? purpose : `${purpose}.`);
}
