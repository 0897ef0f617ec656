import { expect, test } from '@jest/globals';
import { urgencyIn } from './urgency.policy.js';

test.each([
  ["I have CHEST  pain and can't breathe", 5, 'chest pain'], ['he is not breathing', 5, 'not breathing'], ['I can’t breathe', 5, "can't breathe"], ['I want to kill myself', 5, 'kill myself'],
  ['There is a smell of gas', 5, 'smell of gas'], ['This is an emergency!', 4, 'emergency'], ['I am having a panic attack', 4, 'panic attack'], ['An emergency: chest pain', 5, 'chest pain'],
  ['Ich habe starke Brustschmerzen', 5, 'brustschmerzen'], ['Ich bekomme keine Luft', 5, 'keine luft'], ['Das ist ein Notfall', 4, 'notfall'],
  ['Tengo dolor en el pecho', 5, 'dolor en el pecho'], ['No puedo respirar', 5, 'no puedo respirar'], ['J’ai une douleur à la poitrine', 5, 'douleur à la poitrine'], ['Il ne respire plus', 5, 'ne respire plus'],
])('%p: urgency %p', (body, urgency, words) => {
  expect(urgencyIn(body)).toEqual({ urgency, words });
});

test.each(['I have no chest pain', 'Keine Brustschmerzen mehr', 'sans douleur à la poitrine', 'Can I park near the emergencyexit?', 'The unconsciously funny story', 'My chest of drawers', 'What is the price?', ''])('%p: nothing', (body) => {
  expect(urgencyIn(body)).toBeNull();
});
