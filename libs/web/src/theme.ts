import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#e6f6f6', '#d2ebeb', '#a5d6d7', '#75c0c2', '#4eadb0', '#36a1a5', '#289ba0', '#17868b', '#0b6e75', '#00555b',
];

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 8 },
  colors: { petrol },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, multiline: true, maw: 280, events: { hover: true, focus: true, touch: false } } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', withInitialFocusPlaceholder: false } },
    // Menus and hints open inside the page's header: what is outside all landmarks is hard to find with a screen reader.
    Portal: { defaultProps: { target: '#layers' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});

/** Quiet text keeps a contrast of 4.5:1 on the page's grounds in both schemes; Mantine's own does not. */
export const colours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#57606a',
    '--mantine-color-placeholder': '#6a737d',
    '--ground': '#eef1f3',
    '--panel': '#ffffff',
    '--panel-line': '#dde2e6',
    '--sunk': '#f5f7f8',
    '--ink': '#1a2327',
    '--line-customer': '#eceff1',
    '--line-assistant': '#d9eeee',
    '--line-staff': '#e6e3fb',
    '--line-note': '#fff6d6',
    '--tick-read': '#0969da',
    '--bad': '#c0262d',
  },
  dark: {
    '--mantine-color-dimmed': '#a3adb5',
    '--mantine-color-placeholder': '#8b959d',
    '--ground': '#0f1315',
    '--panel': '#181d20',
    '--panel-line': '#2a3236',
    '--sunk': '#12171a',
    '--ink': '#e6eaec',
    '--line-customer': '#262d31',
    '--line-assistant': '#0f3f43',
    '--line-staff': '#332f5e',
    '--line-note': '#3a3213',
    '--tick-read': '#6cb6ff',
    '--bad': '#ff7b81',
  },
});
