import type { Message } from '@ai-toolkit/ai-client';

/** What was said, kept as a file. */
export interface Conversation {
  /** `2026-11-29-153012-k3f9`: sorts by time. */
  readonly id: string;
  /** Epoch, ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Model that it was begun with; absent: whoever answers. */
  readonly model?: string;
  readonly messages: readonly Message[];
}

/** One question with its answer. */
export interface Turn {
  readonly prompt: string;
  readonly answer: string;
}
