import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/sandbox/',
  plugins: [react()],
  build: {
    target: 'es2023',
    // From here on browsers know light-dark(); rewritten for older ones it loses Mantine's colour scheme.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // One page, loaded once from the same machine: React and Mantine in one file cost less than a waterfall of pieces.
    chunkSizeWarningLimit: 900,
    // The page's policy allows no inline sources but images; small files stay files.
    assetsInlineLimit: 0,
  },
});
