import { ActionIcon, Badge, Group, Tooltip, VisuallyHidden, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconApi, IconMoon, IconSun, IconWorldWww } from '@tabler/icons-react';
import { useFeedState } from '../live/sandbox.context.js';
import { Brand } from './brand.js';
import { ClockMenu } from './clock.menu.js';
import classes from './page.module.css';

export function Header() {
  return (
    <header className={classes.header}>
      <Brand />
      <VisuallyHidden component="h1">Throughline sandbox</VisuallyHidden>
      <Badge variant="light" radius="sm" tt="none" fw={600} className={classes.wideOnly} aria-hidden>Sandbox</Badge>
      <Group gap={6} ml="auto" wrap="nowrap">
        <Link />
        <ClockMenu />
        <Tooltip label="The clinic's website, with the chat on it">
          <ActionIcon component="a" className={classes.onWide} href="/sandbox/website" target="_blank" rel="noreferrer" size="lg" aria-label="The clinic's website">
            <IconWorldWww size={20} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="The hub's own HTTP API">
          <ActionIcon component="a" className={classes.onWide} href="/docs" target="_blank" rel="noreferrer" size="lg" aria-label="API documentation">
            <IconApi size={20} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Scheme />
      </Group>
      <div id="layers" className={classes.layers} />
    </header>
  );
}

/** Whether the page hears what happens. Says nothing while it does. */
function Link() {
  const state = useFeedState();
  return (
    <span role="status">
      {state === 'lost' && <Badge color="red" variant="light" tt="none">Reconnecting…</Badge>}
    </span>
  );
}

function Scheme() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? 'Light colours' : 'Dark colours';
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" aria-label={label} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
        {dark ? <IconSun size={20} stroke={1.7} /> : <IconMoon size={20} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}
