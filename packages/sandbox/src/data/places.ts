/** Where Acme's customers are: city, state, postal code, region, and how much of the business is there. */
export type Place = {
  city: string;
  state: string;
  country: "United States" | "Canada";
  postalCode: string;
  region: Region;
  weight: number;
};

export type Region = "Central" | "East" | "South" | "West";

type RegionPlan = {
  manager: string;
  /** Who looks after its customers. */
  owners: readonly [string, ...string[]];
  /** How its orders grow in a year, and how often it sells at a discount. */
  growth: number;
  discounting: number;
  /** What it is to sell, beside what it does on average. */
  ambition: number;
};

/** Who answers for a region, and how it does. All of them work at Acme: they are users of the site. */
export const regions: Record<Region, RegionPlan> = {
  Central: {
    manager: "Maren Holt",
    owners: ["Tom Becker", "Amira Haddad", "Marcus Reid"],
    growth: -0.04,
    discounting: 0.62,
    ambition: 1.12,
  },
  East: {
    manager: "Tobias Nguyen",
    owners: ["Chloe Martin", "Noah Williams", "Grace Kim", "Samuel Adeyemi"],
    growth: 0.05,
    discounting: 0.4,
    ambition: 1.02,
  },
  South: {
    manager: "Celeste Arroyo",
    owners: ["Diego Herrera", "Olivia Brown"],
    growth: 0.01,
    discounting: 0.36,
    ambition: 1.05,
  },
  West: {
    manager: "Idris Bakker",
    owners: ["Kenji Sato", "Emma Jensen", "Rafael Costa", "Lina Johansson"],
    growth: 0.11,
    discounting: 0.33,
    ambition: 0.96,
  },
};

const lines = `
West|California|Los Angeles 90036 75, San Francisco 94110 51, San Diego 92105 17, Sacramento 95823 6, Oakland 94601 5
West|Washington|Seattle 98103 43, Spokane 99207 4, Tacoma 98404 3
West|Oregon|Portland 97206 8, Salem 97301 5, Eugene 97405 3
West|Arizona|Phoenix 85023 6, Tucson 85705 3, Mesa 85204 3
West|Colorado|Denver 80219 5, Aurora 80013 4, Pueblo 81001 2
West|Utah|Salt Lake City 84106 3, Provo 84604 2
West|Nevada|Las Vegas 89115 3, Reno 89502 1
East|New York|New York City 10024 92, Rochester 14609 5, Yonkers 10701 2
East|Pennsylvania|Philadelphia 19134 54, Allentown 18103 2, Pittsburgh 15210 3
East|Massachusetts|Boston 02113 8, Worcester 01602 2, Lowell 01852 3
East|Ohio|Columbus 43229 20, Cleveland 44105 5, Cincinnati 45231 3, Toledo 43615 3
East|New Jersey|Newark 07109 5, Paterson 07501 2
East|Maryland|Baltimore 21215 4, Columbia 21044 3
East|Connecticut|Hartford 06111 3, Fairfield 06824 2
Central|Texas|Houston 77036 38, Dallas 75220 16, San Antonio 78207 6, Austin 78745 4, El Paso 79907 2
Central|Illinois|Chicago 60610 32, Aurora 60505 6, Springfield 62701 4
Central|Michigan|Detroit 48227 12, Jackson 49201 7, Lansing 48911 3
Central|Minnesota|Minneapolis 55407 5, Rochester 55901 2
Central|Wisconsin|Milwaukee 53209 5, Madison 53711 2
Central|Indiana|Indianapolis 46203 4, Columbus 47201 3
Central|Missouri|Springfield 65807 4, Columbia 65203 1
South|Florida|Jacksonville 32216 13, Miami 33180 6, Tampa 33614 4, Orlando 32839 2
South|North Carolina|Charlotte 28205 10, Raleigh 27604 2, Concord 28027 3
South|Virginia|Richmond 23223 8, Springfield 22153 4, Arlington 22204 1
South|Tennessee|Memphis 38109 5, Franklin 37064 3, Nashville 37211 1
South|Georgia|Atlanta 30318 4, Columbus 31907 4, Macon 31204 1
South|Kentucky|Florence 41042 2, Henderson 42420 5
South|Louisiana|Lafayette 70506 2, Monroe 71203 2
South|Alabama|Mobile 36608 2, Huntsville 35810 1
East|Ontario|Toronto M5V 14, Ottawa K1P 4
East|Quebec|Montreal H3A 9
Central|Manitoba|Winnipeg R3C 2
West|British Columbia|Vancouver V6B 8
West|Alberta|Calgary T2P 5
`;

const provinces: ReadonlySet<string> = new Set(["Alberta", "British Columbia", "Manitoba", "Ontario", "Quebec"]);

export const places: readonly Place[] = lines
  .trim()
  .split("\n")
  .flatMap((line) => {
    const [region = "", state = "", cities = ""] = line.split("|");
    return cities.split(", ").map((written) => placeOf(region, state, written));
  });

function placeOf(region: string, state: string, written: string): Place {
  const [, city = "", postalCode = "", weight = ""] = /^(.+) (\S+) (\d+)$/.exec(written) ?? [];
  if (!isRegion(region)) throw new Error(`There is no region ${region}.`);
  const country = provinces.has(state) ? "Canada" : "United States";
  return { city, state, country, postalCode, region, weight: Number(weight) };
}

function isRegion(written: string): written is Region {
  return written in regions;
}
