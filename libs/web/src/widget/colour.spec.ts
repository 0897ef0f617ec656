import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accentOf, contrastOf } from './colour.js';

const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map((number) => `#${number.toString(16).padStart(6, '0')}`);

it('can be read on and beside any brand\'s colour, in light and in dark', () => {
  fc.assert(fc.property(colour, fc.constantFrom('#ffffff', '#16191d'), (brand, panel) => {
    const { accent, onAccent, accentInk } = accentOf(brand, panel);
    expect(accent).toBe(brand);
    expect(contrastOf(accent, onAccent)).toBeGreaterThanOrEqual(4.5);
    expect(contrastOf(accentInk, panel)).toBeGreaterThanOrEqual(4.5);
  }));
});

it.each([[null], [''], ['red'], ['url(https://evil.example)'], ['#12']])('takes the house\'s colour for %j', (brand) => {
  expect(accentOf(brand, '#ffffff').accent).toBe('#0b6e75');
});

it('knows short colours', () => {
  expect(accentOf('#fff', '#ffffff')).toEqual({ accent: '#ffffff', onAccent: '#000000', accentInk: '#737373' });
});
