import type { Product } from '../model/product.ts';
import type { IndicatorFile, IndicatorPath } from '../model/web.ts';
import type { ReadFile } from './read.ts';

/**
 * One entry for each path of `web-shell-paths.yaml`, in the order of the file. A campaign or path that stands twice, and a
 * product without a file, are problems of the file.
 */
export function indicatorPaths(
  read: ReadFile<IndicatorFile> | undefined,
  products: ReadonlyMap<string, Product>,
): IndicatorPath[] {
  const seen = new Set<string>();
  return (read?.value.campaigns ?? []).flatMap((campaign, index) => {
    const { id, name, about, source, method, statuses, contains } = campaign;
    const at = ['campaigns', index] as const;
    if (seen.has(id)) read?.problem([...at, 'id'], `another campaign has the id ${id} already`);
    seen.add(id);
    const only = campaign.products === 'any' ? [] : campaign.products;
    for (const [number, product] of only.entries())
      if (!products.has(product))
        read?.problem([...at, 'products', number], `there is no product file with the id ${product}`);
    return campaign.paths.map((path, number): IndicatorPath => {
      const whole = `${id} ${path}`;
      if (seen.has(whole)) read?.problem([...at, 'paths', number], `${path} stands here twice`);
      seen.add(whole);
      return { id: whole, path, method, statuses, contains, products: only, campaign: name, about, source };
    });
  });
}
