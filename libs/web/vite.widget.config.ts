import { defineConfig } from 'vite';

// One file for pages of other people: a classic script that leaves nothing behind but the element and `window.Throughline`.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome111', 'firefox113', 'safari16.4'],
    cssTarget: ['chrome111', 'firefox113', 'safari16.4'],
    lib: { entry: 'src/widget/main.ts', formats: ['iife'], name: 'ThroughlineWidget', fileName: () => 'widget.js' },
  },
});
