/** Shifts as a calendar that a program fetches: one person's, or everybody's (`staffId` null). */
export interface Calendar {
  id: string;
  scheduleId: string;
  staffId: string | null;
  madeBy: string | null;
  createdAt: Date;
  /** When it was last fetched, to the hour; null: never. */
  readAt: Date | null;
}
