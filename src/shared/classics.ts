/** What the networks of a chapter of the course notes have in common. */
export const chapters = ['first', 'plain', 'branches', 'shortcuts', 'separable'] as const;
export type Chapter = (typeof chapters)[number];

/** A classic network as a list shows it: an architecture, opened with new weights. */
export interface ClassicInfo {
  id: string;
  title: string;
  year: number;
  chapter: Chapter;
  /** What was changed from the original; null for one as its paper has it. */
  adapted: { en: string; zh: string } | null;
  /** `[C, H, W]`. */
  inputShape: number[];
  totals: { params: number; trainable: number; macs: number };
}
