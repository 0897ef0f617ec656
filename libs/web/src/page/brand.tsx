import { Group, Text } from '@mantine/core';

export function Brand() {
  return (
    <Group gap={10} wrap="nowrap">
      <svg width="30" height="30" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" fill="var(--mantine-color-petrol-8)" />
        <path d="M6 16h20" stroke="#fff" strokeWidth="2.5" strokeLinecap="round" />
        <circle cx="10" cy="16" r="3.2" fill="#fff" />
        <circle cx="22" cy="16" r="3.2" fill="var(--mantine-color-petrol-8)" stroke="#fff" strokeWidth="2.5" />
      </svg>
      <Text component="span" fw={700} size="lg" lts={-0.3}>Throughline</Text>
    </Group>
  );
}
