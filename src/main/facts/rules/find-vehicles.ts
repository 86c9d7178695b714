import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';

const makes =
  'Acura|Alfa Romeo|Aston Martin|Audi|Bentley|BMW|Buick|Cadillac|Chevrolet|Chevy|Chrysler|Dodge|Ducati|Fiat|Ford|Freightliner|Genesis|GMC|Harley-Davidson|Hino|Honda|Hyundai|Infiniti|International|Isuzu|Jaguar|Jeep|Kawasaki|Kenworth|Kia|Land Rover|Lexus|Lincoln|Mack|Maserati|Mazda|Mercedes-Benz|Mercury|Mini|Mitsubishi|Nissan|Oldsmobile|Peterbilt|Pontiac|Porsche|Ram|Range Rover|Rivian|Saab|Saturn|Scion|Smart|Subaru|Suzuki|Tesla|Toyota|Volkswagen|Volvo|VW|Yamaha';
const vehicle = new RegExp(
  `(?<![\\d/-])((?:19|20)\\d{2} (?:${makes})(?: (?!(?:VIN|License|Plate|Color|Mileage|Vehicle|Insurance|Unit|Driver|Owner)\\b)[A-Z0-9][A-Za-z0-9-]{0,15}){1,3})`,
  'dg',
);
const vin = /\bVIN\s*(?:No\.?|Number|#)?\s*[:#]?\s*([A-HJ-NPR-Z0-9]{17})(?![A-Za-z0-9])/dg;
const plate =
  /\b(?:License )?Plate(?:[ ]+(?:No\.?|Number))?[ ]*[:#]?[ ]*((?:[A-Z]{2}[ -])?(?=[A-Z0-9]{0,7}[ -]?[A-Z0-9]{0,7}\d)[A-Z0-9]{1,8}(?:[ -][A-Z0-9]{1,5})?)(?![A-Za-z0-9])/dg;

/** Year, make and model; VIN; plate. A witness's own car is left alone. */
export const findVehicles: FactRule = ({ text }, document) => {
  const isOther = (start: number): boolean =>
    document.kind === 'Testimony' &&
    /\bmy (?:vehicle|car|truck|license|insurance)\b/i.test(text.slice(text.lastIndexOf('\n', start) + 1, start));
  const found = (kind: Candidate['kind'], match: ReturnType<typeof matches>[number], confidence: number, method: string): Candidate => {
    const value = flatten(match.groups[1] ?? '');
    const { start } = match.span(0);
    return {
      kind,
      value,
      normal: kind === 'vehicle' ? value.toLowerCase() : value.toUpperCase(),
      confidence,
      start,
      end: match.span(1).end,
      method,
    };
  };
  return [
    ...matches(text, vehicle).map((match) => found('vehicle', match, 88, 'rule:vehicle')),
    ...matches(text, vin, /VIN/).map((match) => found('vehicle_vin', match, 92, 'rule:vin')),
    ...matches(text, plate, /Plate/).map((match) => found('vehicle_plate', match, 88, 'rule:plate')),
  ].filter(({ start }) => !isOther(start));
};
