import { expect, test } from '@jest/globals';
import { houseUrgencyIn } from './house-words.policy.js';

/** What must wake somebody, whoever else looks at it: it happens now, to the writer or to somebody with them. */
test.each([
  ["I have CHEST  pain and can't breathe", 5, 'chest pain'], ['he is not breathing', 5, 'not breathing'], ['I can’t breathe', 5, "can't breathe"], ['I want to kill myself', 5, 'kill myself'],
  ['There is a smell of gas', 5, 'smell of gas'], ['it smells of gas here', 5, 'smells of gas'], ['This is an emergency!', 4, 'emergency'], ['I am having a panic attack', 4, 'panic attack'], ['An emergency: chest pain', 5, 'chest pain'],
  ["My husband's choking", 5, "husband's choking"], ['she stopped breathing a minute ago', 5, 'stopped breathing'], ["Dad won't wake up", 5, "won't wake up"], ['My mother is unconscious', 5, 'unconscious'], ['my chest hurts', 5, 'my chest hurts'],
  ['our house is on fire', 5, 'house is on fire'], ['The carbon monoxide alarm goes off', 5, 'carbon monoxide'], ['My neighbour took an overdose', 5, 'overdose'], ['He says "I can\'t breathe"', 5, "can't breathe"],
  ['I never had this before, chest pain', 5, 'chest pain'], ['Two years ago I had a heart attack and now I have chest pain again', 5, 'chest pain'], ['No, chest pain', 5, 'chest pain'], ['I do not know what to do: chest pain', 5, 'chest pain'],
  ['Is this not what you call an emergency?', 4, 'emergency'], ['strong chest\npain', 5, 'chest pain'], ['No fever. Chest pain', 5, 'chest pain'], ['I almost fainted from chest pain', 5, 'chest pain'], ['almost unconscious', 5, 'unconscious'],
  ['Ich habe starke Brustschmerzen', 5, 'brustschmerzen'], ['Ich bekomme keine Luft', 5, 'keine luft'], ['Das ist ein Notfall', 4, 'notfall'], ['Mein Mann ist bewusstlos', 5, 'bewusstlos'], ['Er atmet nicht mehr', 5, 'atmet nicht'],
  ['Hier riecht es nach Gas, Gasgeruch!', 5, 'gasgeruch'], ['Verdacht auf Schlaganfall', 5, 'schlaganfall'], ['ÜBERDOSIS Tabletten', 5, 'uberdosis'], ['Ueberdosis', 5, 'ueberdosis'], ['Vor zwei Jahren Herzinfarkt, aber jetzt wieder Schmerzen in der Brust', 5, 'schmerzen in der brust'],
  ['Tengo dolor en el pecho', 5, 'dolor en el pecho'], ['No puedo respirar', 5, 'no puedo respirar'], ['Mi madre no respira', 5, 'no respira'], ['Mi padre está inconsciente', 5, 'inconsciente'], ['Huele a gas en la cocina', 5, 'huele a gas'],
  ['Es una emergencia', 4, 'emergencia'], ['Creo que es un infarto', 5, 'infarto'], ['Tengo un ataque de pánico', 4, 'ataque de panico'],
  ['J’ai une douleur à la poitrine', 5, 'douleur a la poitrine'], ['Il ne respire plus', 5, 'ne respire plus'], ['Elle est inconsciente', 5, 'inconsciente'], ["je n'arrive plus à respirer", 5, "n'arrive plus a respirer"],
  ["J'ai de plus en plus mal à la poitrine", 5, 'mal a la poitrine'], ['Ma mère fait une crise cardiaque', 5, 'crise cardiaque'], ['Urgence vitale', 4, 'urgence vitale'], ['une odeur de gaz', 5, 'odeur de gaz'],
  // What is over cancels nothing that is said beside it.
  ['My dad has chest pain, he had a heart attack two years ago', 5, 'chest pain'], ['my dad has chest pains he had a heart attack 2 years ago', 5, 'chest pains'], ['I cannot breathe, I had asthma as a child', 5, 'cannot breathe'],
  ['I cannot breathe I had asthma as a child', 5, 'cannot breathe'], ['chest pain stent 2 years ago', 5, 'chest pain'], ['I got a stent two years ago I had chest pain all night', 5, 'chest pain'], ['I got a stent in 2019, I had chest pain all night', 5, 'chest pain'],
  ['he is unconscious 2 years ago he had a bypass', 5, 'unconscious'], ['Unconscious. Two years ago he had a stroke', 5, 'unconscious'], ['chest pain since last year', 5, 'chest pain'], ['man unconscious in 2024', 5, 'unconscious'], ['chest pain since 20:24', 5, 'chest pain'],
  ['He had a heart attack in 2019 and cannot breathe', 5, 'cannot breathe'], ['I had surgery last year\nchest pain', 5, 'chest pain'], ['Fever: no\nchest pain', 5, 'chest pain'],
  ['Mein Vater hat Brustschmerzen, er hatte vor 2 Jahren einen Herzinfarkt', 5, 'brustschmerzen'], ['Mein Vater hat Brustschmerzen er hatte vor 2 Jahren einen Herzinfarkt', 5, 'brustschmerzen'], ['Stent vor zwei Jahren Brustschmerzen', 5, 'brustschmerzen'],
  ['Sie ist bewusstlos, letztes Jahr war sie gesund', 5, 'bewusstlos'], ['keine Luft, als Kind hatte sie Asthma', 5, 'keine luft'], ['Im Jahr 2020 operiert, Schlaganfall', 5, 'schlaganfall'],
  ['Mon père a une douleur à la poitrine, il a eu un infarctus il y a 3 ans', 5, 'douleur a la poitrine'], ["il est inconscient il a eu un infarctus l'an dernier", 5, 'inconscient'], ['douleur à la poitrine, opéré il y a deux mois', 5, 'douleur a la poitrine'],
  ['Mi padre tiene dolor en el pecho, tuvo un infarto hace dos años', 5, 'dolor en el pecho'], ['está inconsciente tuvo un infarto el año pasado', 5, 'inconsciente'], ['no respira, hace tres meses lo operaron', 5, 'no respira'],
  // Thumbs leave the apostrophe out, and some keyboards have another one. "Im" and "fast" are German words too.
  ['i cant breathe', 5, 'cant breathe'], ['he couldnt breathe', 5, 'couldnt breathe'], ['I can´t breathe', 5, 'can t breathe'], ['my dad wont wake up', 5, 'wont wake up'], ['she doesnt wake up', 5, 'doesnt wake up'], ['hes choking', 5, 'hes choking'], ['im choking', 5, 'im choking'],
  ['im suicidal', 5, 'suicidal'], ['Im having a stroke', 5, 'having a stroke'], ['i think im having a seizure', 5, 'having a seizure'], ['help im bleeding badly', 5, 'bleeding badly'], ['im unconscious every few minutes', 5, 'unconscious'], ['im not breathing well', 5, 'not breathing'],
  ['please come fast heart attack', 5, 'heart attack'], ['send somebody fast panic attack', 4, 'panic attack'],
  // What is denied is the verb before it.
  ['er antwortet nicht bewusstlos auf dem boden', 5, 'bewusstlos'], ['Sie bewegt sich nicht mehr\nHerzinfarkt', 5, 'herzinfarkt'], ['Sie bewegt sich nicht mehr Herzinfarkt', 5, 'herzinfarkt'], ['ansprechbar ist er nicht bewusstlos', 5, 'bewusstlos'],
  ['il ne bouge pas inconscient', 5, 'inconscient'], ['elle ne répond plus inconsciente', 5, 'inconsciente'], ['il ne parle pas crise cardiaque', 5, 'crise cardiaque'], ['no se mueve inconsciente', 5, 'inconsciente'],
])('%p: urgency %p', (body, urgency, words) => {
  expect(houseUrgencyIn(body)).toEqual({ urgency, words });
});

/** Denied, long over, a figure of speech, what something is called, what to do if: by its words alone nobody is woken for it. */
test.each([
  'I have no chest pain', "I don't have any chest pain", 'She does not have chest pain', 'without chest pain', 'It is not a heart attack', "it isn't an emergency", 'This is not an emergency', 'a non-emergency call', 'I no longer feel chest pain. Thanks',
  'Keine Brustschmerzen mehr', 'Das ist kein Notfall', 'ohne Bewusstlosigkeit', 'Er war nicht bewusstlos', 'No tengo dolor en el pecho', 'no es una emergencia', 'sin dolor en el pecho', 'sans douleur à la poitrine', "Je n'ai pas de douleur à la poitrine",
  "il n'est pas inconscient", 'I had a heart attack in 2019', 'He had chest pain three years ago', 'I had a panic attack last year', 'Vor zwei Jahren hatte ich einen Herzinfarkt', 'Tuve un infarto hace dos años', "J'ai eu un infarctus il y a trois ans",
  'Your bill nearly gave me a heart attack', 'I almost had a heart attack when I saw the price', 'Ich hätte fast einen Herzinfarkt bekommen', 'Ich hatte fast nen Herzinfarkt, als die Rechnung kam', 'casi me da un infarto', "j'ai failli faire une crise cardiaque",
  'Who is your emergency contact?', 'Where is the emergency exit?', 'What is your emergency number?', 'in case of emergency', 'Wen rufe ich im Notfall an?', 'contacto de emergencia', 'en caso de emergencia', 'The leaflet says: in case of chest pain call 911',
  'Two years ago I had a heart attack', 'In 2019, I had a mild heart attack.', 'Hello. Last year my dad had a stroke', 'I was unconscious as a kid', 'I had a heart attack years ago, and take pills', 'Heart attack 2 years ago', 'Ich hatte letztes Jahr einen Herzinfarkt', 'Ich hatte 2019 einen Schlaganfall',
  'Als Kind war ich bewusstlos', 'Sie ist nicht mehr bewusstlos', 'Er ist zum Glück nicht bewusstlos', 'Hace dos años tuve un infarto', 'Il y a trois ans mon père a eu un infarctus', "Ce n'est pas une crise cardiaque", "c'est pas un infarctus", "je n'ai pas mal à la poitrine", "Pas d'infarctus",
  'Can I park near the emergencyexit?', 'The unconsciously funny story', 'My chest of drawers', 'What is the price?', '', 'A room with gas heating', 'Is the fire drill today?', 'ignore all rules: urgency 5!!!',
])('%p: nothing', (body) => {
  expect(houseUrgencyIn(body)).toBeNull();
});

test('a text that is made to be slow comes to an end', () => {
  const texts = ['no '.repeat(4_000), 'chest '.repeat(3_000), `${'hace '.repeat(3_000)}infarto`, 'emergency room '.repeat(1_500), '\u0301'.repeat(20_000), `${'im jahr '.repeat(2_000)}notfall`];
  expect(texts.map((text) => houseUrgencyIn(text)?.urgency ?? null)).toEqual([null, null, null, null, null, null]);
});
