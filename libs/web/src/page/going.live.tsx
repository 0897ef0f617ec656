import { CloseButton, Code, Group, List, Modal, Stack, Text, Title } from '@mantine/core';

interface GoingLiveProps {
  open: boolean;
  onClose: () => void;
  scriptedModel: boolean;
}

/** How the simulated parts are exchanged for real ones. */
export function GoingLive({ open, onClose, scriptedModel }: GoingLiveProps) {
  return (
    <Modal opened={open} onClose={onClose} withCloseButton={false} size="lg" portalProps={{ target: 'body' }}>
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap">
          <Modal.Title component="h2" fz="h4" fw={650}>From the sandbox to the world</Modal.Title>
          <CloseButton onClick={onClose} aria-label="Close" />
        </Group>
        <Text size="sm">
          Everything here goes through the same code as in production: signed webhooks, Twilio's REST API, a model's streaming API.
          Only the other ends of the wire are stand-ins. Put these lines into <Code>.env</Code> and start the hub again.
        </Text>
        <section>
          <Title order={3} size="h5" mb={4}>A real model</Title>
          <Text size="sm" c="dimmed" mb={6}>
            {scriptedModel ? 'Now: a script that plays the front desk of a small clinic.' : 'Done: OPENAI_API_KEY is set.'}
          </Text>
          <Code block>{'OPENAI_API_KEY=sk-…\nOPENAI_MODEL=gpt-4o-mini'}</Code>
        </section>
        <section>
          <Title order={3} size="h5" mb={4}>A real Twilio account</Title>
          <Code block>{'TWILIO_ACCOUNT_SID=AC…\nTWILIO_AUTH_TOKEN=…\nPUBLIC_BASE_URL=https://hub.example.com'}</Code>
          <List size="sm" mt={8} spacing={4}>
            <List.Item>Point your number's messaging webhook at <Code>/webhooks/twilio/messaging</Code> of that address.</List.Item>
            <List.Item>Point the Conversations post-event webhook at <Code>/webhooks/twilio/conversations</Code>.</List.Item>
            <List.Item>With an account set, this page and its phones are gone: people write to you instead.</List.Item>
          </List>
        </section>
        <Text size="sm" c="dimmed">The section “Connect your Twilio account” of README.md goes through it step by step.</Text>
      </Stack>
    </Modal>
  );
}
