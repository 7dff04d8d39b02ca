package demo

var germanNames = names{
	women: []string{
		"Anneke", "Birte", "Carla", "Dörte", "Elif", "Franziska", "Gesine", "Hannah", "Imke", "Jördis", "Katharina", "Lieselotte",
		"Magdalena", "Nadja", "Ottilie", "Paula", "Rieke", "Swantje", "Theresa", "Ulrike", "Veronika", "Wiebke", "Yasemin", "Zoe",
	},
	men: []string{
		"Adrian", "Bastian", "Cem", "Detlef", "Emil", "Florian", "Götz", "Hinnerk", "Ingo", "Joachim", "Konstantin", "Lasse",
		"Matthias", "Niklas", "Ole", "Philipp", "Ruben", "Sönke", "Thorsten", "Uwe", "Valentin", "Wolfram", "Yannick", "Zeno",
	},
	families: []string{
		"Ahrens", "Baumgärtner", "Claasen", "Dittrich", "Ellerbrock", "Feddersen", "Grünwald", "Hölscher", "Immenhoff", "Jürgensen",
		"Krähenbühl", "Lindhorst", "Mühlenbeck", "Nissen", "Oltmanns", "Petersen", "Quast", "Reimers", "Schönfeld", "Tiedemann",
		"Uhlig", "Völkel", "Westphal", "Yıldız", "Zimmermann", "von der Heide", "Brandt", "Sommerfeld", "Kaczmarek", "Weiß",
	},
	streets: []string{
		"Ahornweg", "Am Deich", "Bahnhofstraße", "Birkenallee", "Eichendorffstraße", "Fährgasse", "Goethestraße", "Hafenkamp",
		"Im Winkel", "Kapellenweg", "Lindenstraße", "Marktplatz", "Neue Reihe", "Obere Mühle", "Ringstraße", "Schillerstraße",
		"Tulpenweg", "Uferpromenade", "Wiesengrund", "Zur Schanze",
	},
	places: []place{
		{"10115", "Berlin"},
		{"20095", "Hamburg"},
		{"24103", "Kiel"},
		{"23552", "Lübeck"},
		{"28195", "Bremen"},
		{"30159", "Hannover"},
		{"18055", "Rostock"},
		{"40213", "Düsseldorf"},
		{"50667", "Köln"},
		{"60311", "Frankfurt am Main"},
		{"70173", "Stuttgart"},
		{"80331", "München"},
		{"90402", "Nürnberg"},
		{"01067", "Dresden"},
		{"04109", "Leipzig"},
		{"55116", "Mainz"},
	},
	organisations: []string{
		"Ahrens Bootsbau GmbH", "Bäckerei Lindhorst", "Deichwerk Architekten", "Hof Ellerbrock KG", "Praxis am Markt", "Sommerfeld Optik",
	},
	country: "DE", woman: "Frau", man: "Herr", titles: []string{"Dr.", "Prof. Dr."},
	// Ranges that the Bundesnetzagentur keeps free for film and television.
	mobiles:   []string{"0171 39200%02d", "0176 040690%02d"},
	landlines: []string{"030 23125%03d", "040 66969%03d", "0221 4710%03d", "069 90009%03d", "089 99998%03d"},
}
