import '@mantine/core/styles.css';
import './page/ground.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SandboxProvider } from './live/sandbox.context.js';
import { Opening, Unreachable } from './page/opening.js';
import { SandboxPage } from './page/sandbox.page.js';
import { colours, theme } from './theme.js';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={colours} defaultColorScheme="auto">
      <SandboxProvider loading={<Opening />} failed={(message, again) => <Unreachable message={message} onAgain={again} />}>
        <SandboxPage />
      </SandboxProvider>
    </MantineProvider>
  </StrictMode>,
);
