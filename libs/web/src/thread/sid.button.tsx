import { CopyButton, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import classes from './thread.module.css';

/** A sid in its short form; a click copies the whole of it. */
export function SidButton({ sid }: { sid: string }) {
  return (
    <CopyButton value={sid}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : sid}>
          <UnstyledButton className={classes.sid} onClick={copy}>
            <VisuallyHidden>Copy </VisuallyHidden>
            {sid.slice(0, 8)}…{sid.slice(-4)}
            {copied ? <IconCheck size={12} aria-hidden /> : <IconCopy size={12} aria-hidden />}
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  );
}
