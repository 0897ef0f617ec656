import { Alert, Button, Skeleton, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';

interface NothingProps {
  icon: ComponentType<{ size?: number; stroke?: number }>;
  title: string;
  children?: ReactNode;
}

/** What stands where there is nothing to show yet. */
export function Nothing({ icon: Icon, title, children }: NothingProps) {
  return (
    <Stack align="center" justify="center" gap={6} py="xl" px="md" ta="center" mih={200} flex={1}>
      <ThemeIcon size={52} radius="xl" variant="light" mb={6}><Icon size={26} stroke={1.6} /></ThemeIcon>
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" maw={320}>{children}</Text>
    </Stack>
  );
}

export function Failure({ message, onAgain }: { message: string; onAgain?: () => void }) {
  return (
    <Alert color="red" variant="light" m="sm" p="sm" icon={<IconAlertTriangle size={18} />} role="alert">
      <Text size="sm" c="var(--ink)">{message}</Text>
      {onAgain && <Button size="compact-xs" variant="default" mt={6} onClick={onAgain}>Try again</Button>}
    </Alert>
  );
}

/** Grey shapes while the first answer is on its way. */
export function Waiting({ lines = 4 }: { lines?: number }) {
  return (
    <Stack p="md" gap="sm" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} h={34} w={line % 2 ? '62%' : '78%'} ml={line % 2 ? 'auto' : 0} radius="lg" />
      ))}
    </Stack>
  );
}
