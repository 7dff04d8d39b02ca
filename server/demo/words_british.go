package demo

var britishNames = names{
	women: []string{
		"Abigail", "Beatrice", "Charlotte", "Daisy", "Eilidh", "Freya", "Grace", "Harriet", "Imogen", "Jasmine", "Keira", "Louisa",
		"Maeve", "Niamh", "Olivia", "Priya", "Rhiannon", "Saoirse", "Tabitha", "Verity", "Winifred", "Zara",
	},
	men: []string{
		"Alasdair", "Benedict", "Callum", "Dylan", "Edmund", "Finlay", "Gareth", "Hamish", "Idris", "Jasper", "Kieran", "Lachlan",
		"Milo", "Nathaniel", "Oscar", "Percy", "Rhys", "Sebastian", "Tariq", "Ufuoma", "Wilfred", "Zachary",
	},
	families: []string{
		"Ashworth", "Blackwood", "Carrington", "Drummond", "Eccleston", "Fairweather", "Gallagher", "Hawthorne", "Ingleby", "Jenkins",
		"Kirkbride", "Lonsdale", "MacAllister", "Nuttall", "O'Hara", "Penhaligon", "Quigley", "Ravensdale", "St Clair", "Thistlethwaite",
		"Underhill", "Vaughan", "Whitlock", "Yarborough", "Okafor", "Patel",
	},
	streets: []string{
		"Abbey Road", "Beech Lane", "Castle Street", "Dale View", "Elm Grove", "Ferry Road", "Glebe Avenue", "High Street",
		"Ivy Cottages", "Kirkgate", "Loch Road", "Mill Lane", "North Parade", "Orchard Close", "Priory Walk", "Station Road",
	},
	places: []place{
		{"LA22 9BU", "Ambleside"},
		{"CA12 5JR", "Keswick"},
		{"S1 2HH", "Sheffield"},
		{"LS1 4DY", "Leeds"},
		{"EH1 1YZ", "Edinburgh"},
		{"PH33 6AN", "Fort William"},
		{"CF10 1EP", "Cardiff"},
		{"LL55 4HF", "Llanberis"},
		{"BS1 4ST", "Bristol"},
		{"N1 9GU", "London"},
		{"NE1 7RU", "Newcastle upon Tyne"},
		{"DE45 1DS", "Bakewell"},
	},
	organisations: []string{"Carrington Guides", "Dale View Farm", "Kirkbride Climbing Club", "Lonsdale Rescue"},
	country:       "GB", woman: "Ms", man: "Mr", titles: []string{"Dr", "Prof"},
	// Ranges that Ofcom keeps free for drama.
	mobiles:   []string{"07700 900%03d"},
	landlines: []string{"020 7946 0%03d", "0113 496 0%03d", "0114 496 0%03d", "0131 496 0%03d", "029 2018 0%03d"},
}
