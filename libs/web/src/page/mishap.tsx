import { Component, type ReactNode } from 'react';
import { Failure } from './nothing.js';

interface MishapProps {
  children: ReactNode;
}

/** A part that cannot be drawn says so; the others go on. */
export class Mishap extends Component<MishapProps, { message?: string }> {
  override state: { message?: string } = {};

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === undefined) return this.props.children;
    return <Failure message={`This part cannot be shown (${message}).`} onAgain={() => this.setState({ message: undefined })} />;
  }
}
