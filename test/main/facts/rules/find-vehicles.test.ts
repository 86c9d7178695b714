import { expect, test } from 'vitest';
import { normals } from '../../../support/rule-facts.ts';

test('year, make and model; VIN; plate', () => {
  const text =
    'Vehicle: 2020 Toyota Camry, Silver\nVIN: 1M8GDM9AXKP042788\nLicense Plate: MD ABC1234\n2016 Subaru Forester   VIN 1HGCM82633A004352   Plate: KLM 4471';
  expect(normals('vehicle', text, 'Police_Report')).toEqual(['2020 toyota camry', '2016 subaru forester']);
  expect(normals('vehicle_vin', text, 'Police_Report')).toEqual(['1M8GDM9AXKP042788', '1HGCM82633A004352']);
  expect(normals('vehicle_plate', text, 'Police_Report')).toEqual(['MD ABC1234', 'KLM 4471']);
});

test("a witness's own car is left alone; no year, no vehicle; a VIN of the wrong length is none", () => {
  expect(normals('vehicle', 'My vehicle: 2021 Subaru Outback, License MD-DEF5678', 'Testimony')).toEqual([]);
  expect(normals('vehicle', 'The Honda Accord. In 2020 Toyota sold more. 1-2020 Ford', 'Police_Report')).toEqual([]);
  expect(normals('vehicle_vin', 'VIN: 1M8GDM9AXKP04278\nVIN: 1M8GDM9AXKP0427888\nVIN: 1M8GDM9AXKPO42788', 'Police_Report')).toEqual([]);
});
