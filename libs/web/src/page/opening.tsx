import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { Brand } from './brand.js';

export function Opening() {
  return (
    <Center component="main" h="100dvh">
      <Stack align="center" gap="lg" role="status">
        <Brand />
        <Loader size="sm" type="dots" />
        <Text size="sm" c="dimmed">Charging the phones…</Text>
      </Stack>
    </Center>
  );
}

export function Unreachable({ message, onAgain }: { message: string; onAgain: () => void }) {
  return (
    <Center component="main" h="100dvh" p="md">
      <Stack maw={440} gap="lg">
        <Brand />
        <Alert color="red" variant="light" title="The sandbox cannot be reached" icon={<IconPlugConnectedX />}>
          {message}
        </Alert>
        <Button onClick={onAgain}>Try again</Button>
      </Stack>
    </Center>
  );
}
