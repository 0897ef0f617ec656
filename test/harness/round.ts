// A round: journeys that one house has room for. Imported first, it has them share the house; each of them also runs by itself.
import { afterAll } from '@jest/globals';
import { closeHouses, shareHouses } from './house.js';

shareHouses();
afterAll(closeHouses);
