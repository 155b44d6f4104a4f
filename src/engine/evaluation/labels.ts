import { sameName } from '../data/names';
import { matchLabels, namesOf, type Named } from '../train/match-labels';

/** One list of classes for several networks, and where each network's own classes are in it. */
export interface CommonLabels {
  labels: string[];
  places: Int32Array[];
}

/**
 * The first network's classes, then the additional ones of the others. Classes of two networks are one where the data
 * says so (one of its classes is both, by name or by number), or where they have the same name.
 * @throws FailureError where a network's classes are not the data's.
 */
export function commonLabels(data: readonly string[], networks: readonly Named[], path: string): CommonLabels {
  const [first] = networks;
  const firstOf = matchLabels(data, first, path);
  const labels = namesOf(first, data, firstOf);
  const places = networks.map((network) => {
    const ownOf = matchLabels(data, network, path);
    return Int32Array.from(network.labels, (label, own) => {
      if (network === first) return own;
      const shared = ownOf.indexOf(own);
      if (shared >= 0) return firstOf[shared];
      const known = labels.findIndex((each) => sameName(each) === sameName(label));
      return known >= 0 ? known : labels.push(label) - 1;
    });
  });
  return { labels, places };
}
