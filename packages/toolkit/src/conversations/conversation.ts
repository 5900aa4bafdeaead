import type { Message } from '@ai-toolkit/ai-client';

/** A conversation, stored as a file. */
export interface Conversation {
  /** `2026-11-29-153012-k3f9`: sorts by time. */
  readonly id: string;
  /** Epoch, ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Model it was started with; absent for the default. */
  readonly model?: string;
  readonly messages: readonly Message[];
}

/** A question with its answer. */
export interface Turn {
  readonly prompt: string;
  readonly answer: string;
}
